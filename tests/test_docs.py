"""The README, the CHANGELOG and the help texts say what the program does."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import click
import pytest

from talkvalue_cli import __version__
from talkvalue_cli.exit_codes import SEVERITY
from tests import reference
from tests.reference import option_sets

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "talkvalue_cli"
README = reference.README.read_text("utf-8")
ENTRIES = {entry.path: entry for entry in reference.walk_commands()}
#: headings of options that are described once
SHARED = ["Global options", *(each.name for each in option_sets.find_sets([*ENTRIES.values()]))]

#: written out here, as scripts out there have them
EXIT_CODES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 124, 129, 130, 141, 143]


def section(heading: str) -> str:
    """Return the text of the README below a heading, to the next one of any level."""
    found = re.search(rf"^#+ {re.escape(heading)}$(.*?)^#", README + "\n#", re.M | re.S)
    assert found, f"the README has no heading {heading!r}"
    return found[1]


@pytest.mark.parametrize("path", ENTRIES)
def test_command_has_help_an_example_and_a_place_in_the_readme(path: str) -> None:
    entry = ENTRIES[path]
    blocks = reference.read_help(entry.command)
    assert blocks[0].text.endswith("."), "help begins with a sentence"
    examples = [block.examples for block in blocks if block.examples]
    assert path in "".join(examples), "help has an example of the command"
    assert blocks[0].text in section(path)


@pytest.mark.parametrize("path", ENTRIES)
def test_option_has_help_and_a_place_in_the_readme(path: str) -> None:
    entry = ENTRIES[path]
    places = section(path) + "".join(map(section, SHARED))
    for param in entry.command.params:
        if isinstance(param, click.Option):
            assert param.help and param.help.endswith("."), param.name
            record = param.get_help_record(entry.context)
            assert record is not None, f"{param.name} is hidden"
            assert f"`{record[0]}`".replace("|", "\\|") in places


@pytest.mark.parametrize(
    "path", [path for path, entry in ENTRIES.items() if isinstance(entry.command, click.Group)]
)
def test_list_of_members_has_their_first_sentences_whole(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    command, context = ENTRIES[path]
    assert isinstance(command, click.Group)
    listed = command.get_help(context).partition("\nCommands:\n")[2].splitlines()
    assert len(listed) == len(command.list_commands(context))
    for name, line in zip(command.list_commands(context), listed, strict=True):
        sentence, _, _ = reference.read_help(ENTRIES[f"{path} {name}"].command)[0].text.partition(
            ". "
        )
        assert line.split(None, 1) == [name, f"{sentence.removesuffix('.')}."]


def test_exit_codes_are_those_of_the_program() -> None:
    rows = re.findall(r"^\| `(\d+)` \| (.+) \|$", section("Exit codes"), re.M)
    assert [int(code) for code, _ in rows] == EXIT_CODES
    assert dict(rows)["124"] == "The deadline passed; the import goes on, do not create again"


def test_exit_codes_of_several_imports_are_in_the_order_of_the_program() -> None:
    order = re.search(r"with the first of these .*?: ([0-9, ]+)\.$", section("Exit codes"), re.M)
    assert order
    assert [int(code) for code in order[1].split(", ")] == list(SEVERITY)


def test_error_codes_of_the_readme_are_those_of_the_program() -> None:
    source = "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    codes = re.findall(r"`([A-Z]+(?:_[A-Z]+)*)`", section("Output"))
    assert {"IMPORT_PARTIAL", "AMBIGUOUS"} <= set(codes)
    for code in codes:
        assert f'"{code}"' in source, code


def is_environment(node: ast.AST, path: Path) -> bool:
    """Tell whether an expression is the environment of the process."""
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    names |= {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
    # a WSGI server calls something else its environ
    return "environ" in names and ("os" in names or "sandbox" not in path.parent.parts)


def names_of_variables() -> set[str]:
    """Return the environment variables that the code reads, by name, in any way."""
    names = {"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE"}  # requests reads them
    for path in PACKAGE.rglob("*.py"):
        source = path.read_text("utf-8")
        names |= set(re.findall(r"\bTALKVALUE_[A-Z_]+\b", source))
        for node in ast.walk(ast.parse(source)):
            key: ast.AST | None = None
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                is_get = node.func.attr in ("get", "getenv", "pop") and node.args
                key = node.args[0] if is_get and is_environment(node.func, path) else None
            elif isinstance(node, ast.Subscript) and is_environment(node.value, path):
                key = node.slice
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                names.add(key.value)
    return names


def test_environment_variables_of_the_code_are_in_the_readme() -> None:
    documented = set(re.findall(r"`([A-Z_]+)`", section("Environment").partition("\n\nAn ")[0]))
    names = names_of_variables()
    assert {"TALKVALUE_TOKEN", "TALKVALUE_WAIT_TIMEOUT", "NO_COLOR", "TERM"} <= names
    assert names == documented


def test_links_of_the_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_files_that_contributing_speaks_of_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    names = re.findall(r"`([a-z_/]+(?:\.py|/))`", text)
    assert "waiting/policy.py" in names
    for name in names:
        assert (PACKAGE / name).exists() or (ROOT / name).exists(), name


def test_first_screen_has_the_two_commands() -> None:
    first = README.splitlines()[:12]
    assert any(line.startswith("make demo") for line in first)
    assert any(line.startswith("make test") for line in first)


def test_readme_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert reference.main(["--check"]) == 0, capsys.readouterr().err


def test_stale_readme_is_reported_left_alone_and_mended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy, page = tmp_path / "README.md", tmp_path / "man" / "page.1"
    copy.write_text(README.replace("| `124` |", "| `125` |"), "utf-8")
    stale = copy.read_text("utf-8")
    assert reference.main(["--check"], copy, page) == 1
    err = capsys.readouterr().err
    assert "-| `125` |" in err and "+| `124` |" in err and "`make docs` mends it" in err
    assert "page.1 is out of date; `make docs` mends it" in err
    assert (copy.read_text("utf-8"), page.exists()) == (stale, False)
    assert reference.main([], copy, page) == 0
    assert copy.read_text("utf-8") == README
    assert reference.main(["--check"], copy, page) == 0


def test_readme_without_a_place_for_the_commands_is_an_error() -> None:
    with pytest.raises(ValueError, match="no comments around the part 'commands'"):
        reference.fill(README.replace("<!-- end commands -->", ""))


def test_changelog_mentions_each_command_and_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(rf"^## .*{re.escape(__version__)}$", changelog, re.M)
    for path, entry in ENTRIES.items():
        if not isinstance(entry.command, click.Group):
            assert f"`{path.removeprefix('talkvalue ')}" in changelog, path


def test_makefile_target_has_a_line_in_the_list() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.M)
    assert phony
    described = re.findall(r"^([a-z-]+):.*## \S", makefile, re.M)
    assert sorted(described) == sorted(phony[1].split())
