"""Who may import whom, and what start-up must not load."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests import reference
from tests.harness import clean_environ

PACKAGE = Path(__file__).parent.parent / "talkvalue_cli"

#: each part of the package, and the other parts that it may import
LAYERS: dict[str, set[str]] = {
    "__init__": set(),
    "errors": set(),
    "times": set(),
    "clock": set(),
    "yaml_text": set(),
    "poller": set(),
    "signals": {"errors"},
    "exit_codes": {"errors"},
    "files": {"errors"},
    "config": {"errors", "files", "yaml_text"},
    "output": {"errors", "times"},
    "transport": {"__init__", "errors", "times"},
    "releases": {"__init__", "errors", "transport"},
    "api": {"errors", "times", "transport"},
    "auth": {"clock", "config", "errors", "files", "poller", "times", "transport"},
    "context": {"auth", "clock", "config", "errors", "output", "transport"},
    "imports": {
        "api",
        "clock",
        "commands",
        "context",
        "errors",
        "exit_codes",
        "output",
        "poller",
        "times",
        "transport",
        "yaml_text",
    },
    "commands": {
        "__init__",
        "api",
        "auth",
        "config",
        "context",
        "errors",
        "exit_codes",
        "files",
        "imports",
        "output",
        "releases",
        "times",
        "transport",
    },
    "cli": {"commands", "context", "errors", "exit_codes", "output", "signals"},
    "__main__": {"cli"},
    "sandbox": set(),
}
#: modules that only one part may import
RESERVED = {
    "requests": {"transport", "auth", "releases", "api"},
    "urllib3": {"transport", "releases", "api"},
    "packaging": {"releases", "commands"},
    "tenacity": {"poller"},
    "tabulate": {"output"},
    "yaml": set(),
    "ruamel": {"yaml_text"},
    "keyring": {"auth"},
    "click": {"cli", "commands"},
    "flask": {"sandbox"},
    "waitress": {"sandbox"},
    "sqlite3": {"sandbox", "imports"},
}
#: modules that neither help nor a usage error may wait for
HEAVY = (
    "requests",
    "requests_toolbelt",
    "urllib3",
    "packaging",
    "tenacity",
    "tabulate",
    "ruamel",
    "keyring",
    "flask",
    "waitress",
    "sqlite3",
    "email_validator",
    "talkvalue_cli.sandbox",
)


def part_of(path: Path) -> str:
    """Return the part of the package that a file belongs to."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield each module that a file imports, in functions too, with its line.

    Imports for type checkers alone do not count: they are not carried out.
    """
    tree = ast.parse(path.read_text("utf-8"))
    unreal = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for statement in node.body
        for inner in ast.walk(statement)
    }
    package = ["talkvalue_cli", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(tree):
        if id(node) in unreal:
            continue
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield node.lineno, f"{module}.{alias.name}"


def own_part(module: str) -> str | None:
    """Return the part of the package that an imported module names, None for others' modules."""
    top, _, rest = module.partition(".")
    if top != "talkvalue_cli":
        return None
    part = rest.partition(".")[0]
    return part if part in LAYERS else "__init__"


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_module_imports_only_what_is_below_it(path: Path) -> None:
    part = part_of(path)
    assert part in LAYERS, "a new part of the package has its place in LAYERS"
    allowed = LAYERS[part] | {part}
    for line, module in imports_of(path):
        used = own_part(module)
        assert used is None or used in allowed, f"line {line}: {part} must not import {module}"
        reserved = RESERVED.get(module.partition(".")[0])
        assert reserved is None or part in reserved, f"line {line}: {module} is not for {part}"


def test_layers_have_no_circle() -> None:
    below: dict[str, set[str]] = {}
    left = dict(LAYERS)
    while left:
        ready = [part for part, uses in left.items() if uses <= below.keys()]
        assert ready, f"these import each other: {sorted(left)}"
        for part in ready:
            below[part] = left.pop(part)


def test_upward_import_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    (tmp_path / "api").mkdir()
    for statement in (
        "from talkvalue_cli.commands import imports",
        "import talkvalue_cli.commands.imports",
        "from ..commands.imports import create_command",
        "from .. import commands",
        "def f():\n    from talkvalue_cli import commands",
    ):
        path = tmp_path / "api" / "people.py"
        path.write_text(statement)
        with pytest.raises(AssertionError, match="must not import"):
            test_module_imports_only_what_is_below_it(path)


LOADED = f"""
import json, sys
from talkvalue_cli import cli
before = set()
for line in json.load(sys.stdin):
    code = cli.main(line)
    loaded = [name for name in {HEAVY!r} if name in sys.modules and name not in before]
    before.update(loaded)
    print(f"\\nloaded {{loaded}} exit {{code}}", file=sys.stderr)
"""
COMMANDS = [entry.path.split()[1:] for entry in reference.walk_commands()]
MISTAKES = [
    ["bogus"],
    ["path"],
    ["path", "import", "get"],
    ["path", "import", "get", "12abc"],
    ["path", "import", "get", "4218", "--timeout", "5"],
    ["path", "import", "wait", "4218", "--max-failed", "x"],
    ["path", "import", "list", "--page", "0"],
    ["path", "import", "create", "--file-key", "k", "--source-id", "1", "--mode", "X"],
    ["path", "import", "analyze", "--file", "no-such-file.csv"],
    ["path", "channel", "create"],
    ["path", "channel", "delete", "7"],
    ["path", "person", "update", "7"],
    ["path", "event", "update", "1001", "--time-zone", "Mars/Olympus"],
    ["path", "analysis", "channel", "audience", "--channel-id", "1"],
    ["path", "channel", "list", "--format", "xml"],
    ["auth", "login"],
    ["config", "get"],
    ["sandbox", "run"],
]


def run_and_list_heavy(lines: Sequence[list[str]], home: Path) -> dict[str, str]:
    """Run the lines in one fresh process; return what each loaded of HEAVY, and its exit code."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        input=json.dumps(lines),
        capture_output=True,
        text=True,
        env=clean_environ(home),
        cwd=home,
        check=True,
    )
    told = [line for line in done.stderr.splitlines() if line.startswith("loaded ")]
    return dict(zip(map(" ".join, lines), told, strict=True))


def test_help_of_a_command_loads_nothing_heavy(tmp_path: Path) -> None:
    lines = [[*command, "--help"] for command in COMMANDS]
    found = run_and_list_heavy(lines, tmp_path)
    assert found == dict.fromkeys(found, "loaded [] exit 0")
    assert len(found) == len(COMMANDS) > 60


def test_usage_error_loads_nothing_heavy(tmp_path: Path) -> None:
    unknown = [[*command, "--no-such-option"] for command in COMMANDS]
    found = run_and_list_heavy([*unknown, *MISTAKES], tmp_path)
    assert found == dict.fromkeys(found, "loaded [] exit 2")


def test_command_without_a_server_loads_nothing_heavy(tmp_path: Path) -> None:
    lines = [["version"], ["--version"], ["help", "path", "import"], ["completion", "bash"]]
    found = run_and_list_heavy(lines, tmp_path)
    assert found == dict.fromkeys(found, "loaded [] exit 0")


def test_heavy_module_would_be_found(tmp_path: Path) -> None:
    found = run_and_list_heavy([["path", "import", "history"]], tmp_path)
    assert found == {"path import history": "loaded ['sqlite3'] exit 0"}


def test_sandbox_is_loaded_by_nobody_else(tmp_path: Path) -> None:
    """Even every module of the client together does not load it."""
    modules = [
        "talkvalue_cli." + ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        for path in FILES
        if part_of(path) not in ("sandbox", "__main__")
    ]
    script = f"""
import importlib, sys
for name in {modules!r}:
    importlib.import_module(name.removesuffix(".__init__"))
print([name for name in sys.modules if name.startswith(("talkvalue_cli.sandbox", "flask"))])
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env=clean_environ(tmp_path),
        check=True,
    )
    assert done.stdout == "[]\n"
