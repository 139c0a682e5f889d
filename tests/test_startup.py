"""What the start of the program must not load; who may import whom is in setup.cfg."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests import reference
from tests.harness import clean_environ

PACKAGE = Path(__file__).parent.parent / "talkvalue_cli"

#: modules that neither help nor a usage error may wait for
HEAVY = (
    "requests",
    "requests_toolbelt",
    "urllib3",
    "packaging",
    "psycopg",
    "tabulate",
    "tenacity",
    "ruamel",
    "jmespath",
    "keyring",
    "flask",
    "waitress",
    "sqlite3",
    "email_validator",
    "hashlib",
    "hmac",
    "secrets",
    "subprocess",
    "uuid",
    "platform",
    "talkvalue_cli.sandbox",
)

#: what Click brings is Click's: some of its releases load `uuid`, and with it `platform`
LOADED = f"""
import json, sys
import click
before = set(sys.modules)
from talkvalue_cli import cli
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
    assert found == {"path import history": "loaded ['sqlite3', 'hashlib'] exit 0"}


def test_engine_loads_no_library_of_the_command_line(tmp_path: Path) -> None:
    """Not even with all its names, none of which a plain import loads."""
    script = """
import sys
from talkvalue_cli import imports
assert not [name for name in sys.modules if name.startswith("talkvalue_cli.imports.")]
for name in imports.__all__:
    getattr(imports, name)
unwanted = ("click", "flask", "keyring", "tabulate", "ruamel", "wcwidth", "subprocess", "uuid",
            "psycopg")
print([name for name in unwanted if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env=clean_environ(tmp_path),
        check=True,
    )
    assert done.stdout == "[]\n"


def test_sandbox_and_airflow_are_loaded_by_nobody_else(tmp_path: Path) -> None:
    """Even every module of the client together does not load them."""
    modules = [
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] not in ("airflow", "sandbox", "__main__.py")
    ]
    script = f"""
import importlib, sys
for name in {modules!r}:
    try:
        importlib.import_module(name.removesuffix(".__init__"))
    except ModuleNotFoundError as error:
        if error.name != "psycopg":  # of an extra
            raise
others = ("talkvalue_cli.airflow", "airflow", "talkvalue_cli.sandbox", "flask")
print([name for name in sys.modules if name.startswith(others)])
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env=clean_environ(tmp_path),
        check=True,
    )
    assert done.stdout == "[]\n"


def test_next_to_nothing_is_loaded_before_signals_are_heard() -> None:
    """An interrupt of what Python itself loads is a traceback; of the program it is none."""
    script = f"""
import os, sys  # as Python does by itself
sys.path.insert(0, {str(PACKAGE.parent)!r})
before = set(sys.modules)
from talkvalue_cli.__main__ import run
print(sorted(set(sys.modules) - before))
"""
    done = subprocess.run(
        # without what an environment adds to the start
        [sys.executable, "-I", "-S", "-c", script],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "['__future__', 'gc', 'talkvalue_cli', 'talkvalue_cli.__main__']\n"
