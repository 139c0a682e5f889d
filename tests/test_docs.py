"""The README, the topics, the CHANGELOG and the help texts say what the program does."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from talkvalue_cli import __version__
from talkvalue_cli.api.models import TARGET_FIELDS
from talkvalue_cli.commands import topics
from talkvalue_cli.commands.base import find_section
from talkvalue_cli.commands.path.import_.sections import SECTIONS
from talkvalue_cli.exit_codes import SEVERITY
from tests import reference
from tests.reference import documents, manpage, option_sets, parts, recording

ROOT = documents.ROOT
PACKAGE = ROOT / "talkvalue_cli"
README = (ROOT / documents.README).read_text("utf-8")
TOPICS = {name: topics.read_topic(name) for name in topics.list_topics()}
ENTRIES = {entry.path: entry for entry in reference.walk_commands()}
#: headings of options that are described once
SHARED = ["Global options", *(each.name for each in option_sets.find_sets([*ENTRIES.values()]))]

#: written out here, as scripts out there have them
EXIT_CODES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 124, 129, 130, 141, 143]
#: words of our own, in place of which people are to read those of the trade
OWN_WORDS = [
    r"anew",
    r"as far as (?:we|is) know",
    r"between looks",
    r"(?:come|came|comes) to (?:its|their|an) end",
    r"(?:did|do|does) not end well",
    r"go(?:es)? before",
    r"(?:imports?|server|it) goes on",
    r"host name is not known",
    r"in the clear",
    r"(?:keeps? )?look(?:s|ed|ing)? again",
    r"looks? once",
    r"lost contact for",
    r"mend(?:s|ed)?",
    r"move for \d",
    r"no end within",
    r"put(?:s|ting)? up with",
    r"reject(?:s|ed)?",
    r"travels? in",
    r"unfit",
    r"what the file is in",
    r"who stays",
    r"whole positive",
]


def section(heading: str, text: str = TOPICS["reference"]) -> str:
    """Return the text below a heading, to the next one of any level, as one line."""
    found = re.search(rf"^#+ {re.escape(heading)}$(.*?)^#", text + "\n#", re.M | re.S)
    assert found, f"there is no heading {heading!r}"
    return " ".join(found[1].split())


@pytest.mark.parametrize("path", ENTRIES)
def test_command_has_help_an_example_and_a_place_in_the_reference(path: str) -> None:
    entry = ENTRIES[path]
    blocks = reference.read_help(entry.command)
    assert blocks[0].text.endswith("."), "help begins with a sentence"
    examples = [block.examples for block in blocks if block.examples]
    assert path in "".join(examples), "help has an example of the command"
    assert blocks[0].text in section(path)


@pytest.mark.parametrize("path", ENTRIES)
def test_option_has_help_and_a_place_in_the_reference(path: str) -> None:
    entry = ENTRIES[path]
    places = section(path) + "".join(map(section, SHARED))
    for param in entry.command.params:
        if isinstance(param, click.Option):
            assert param.help and param.help.endswith("."), param.name
            record = param.get_help_record(entry.context)
            assert record is not None, f"{param.name} is hidden"
            spelled = record[0]
            if param.name == "format":
                # where a file is written, -o is the file
                spelled = f"-o, {spelled.removeprefix('-o, ')}"
            assert f"- `{spelled}`: " in places


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
    rows = re.findall(r"^\| `(\d+)` \| (.+) \|$", README, re.M)
    items = re.findall(r"^- `(\d+)`: (.+(?:\n  .+)*)\.$", TOPICS["exit-codes"], re.M)
    assert [int(code) for code, _ in rows] == EXIT_CODES
    assert [(code, " ".join(text.split())) for code, text in items] == rows
    assert dict(rows)["4"] == "Not found"


def test_exit_codes_of_several_imports_are_in_the_order_of_the_program() -> None:
    text = section("Several imports", TOPICS["exit-codes"])
    order = re.search(r"with the first of these .*?: ([0-9, ]+)\.$", text)
    assert order
    assert [int(code) for code in order[1].split(", ")] == list(SEVERITY)


def test_error_codes_of_the_topic_are_those_of_the_program() -> None:
    source = "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    codes = re.findall(r"`([A-Z]+(?:_[A-Z]+)*)`", section("Error codes", TOPICS["exit-codes"]))
    assert {"IMPORT_PARTIAL", "CREATE_UNCERTAIN"} <= set(codes)
    for code in codes:
        assert f'"{code}"' in source, code
    # the server of the sandbox has codes of its own
    client = "".join(
        path.read_text("utf-8")
        for path in PACKAGE.rglob("*.py")
        if (PACKAGE / "sandbox") not in path.parents
    )
    made = set(re.findall(r'\bcode ?= ?"([A-Z_]+)"', client))
    assert "NOT_CONFIRMED" in made
    assert made - set(codes) == set()


def is_environment(node: ast.AST, path: Path) -> bool:
    """Tell whether an expression is the environment of the process."""
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    names |= {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
    # a WSGI server calls something else its environ
    return "environ" in names and ("os" in names or "sandbox" not in path.parent.parts)


def names_of_variables() -> set[str]:
    """Return the environment variables that the code reads, by name, in any way."""
    # requests reads these
    names = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE"}
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


def test_environment_variables_of_the_code_are_in_their_topic() -> None:
    items = manpage.read_environment(TOPICS["environment"])
    documented = {name for names, _ in items for name in names.split(", ")}
    names = names_of_variables()
    assert {"TALKVALUE_TOKEN", "TALKVALUE_WAIT_TIMEOUT", "NO_COLOR", "TERM"} <= names
    assert names == documented


def test_fields_of_the_mapping_topic_are_those_of_the_program() -> None:
    listed = re.search(r"^    EMAIL .*(?:\n    .+)*", TOPICS["mapping"], re.M)
    assert listed and sorted(listed[0].split()) == sorted(TARGET_FIELDS)


def read_messages() -> Iterator[tuple[str, str]]:
    """Yield what the documents quote as messages, with the document."""
    table = README.partition("| Message |")[2].partition("\n\n")[0]
    yield from (("README", quoted) for quoted in re.findall(r"^\| `([^`]+)` \|", table, re.M))
    for line in TOPICS["troubleshooting"].splitlines():
        begun = re.match(r"- (\"[^:]+\"):", line)
        yield from (
            ("topic", quoted) for quoted in re.findall(r'"(.+?)"', begun[1] if begun else "")
        )


def test_messages_that_are_explained_are_those_of_the_program() -> None:
    paths = [path for path in PACKAGE.rglob("*.py") if "sandbox" not in path.parts]
    source = "".join(path.read_text("utf-8") for path in paths)
    # what is put into a message, such as a name, is not part of it
    source = re.sub(r"\{[^{}\n]*\}", "…", re.sub(r'"\n\s+f?"', "", source))
    messages = list(read_messages())
    assert ("README", "not logged in") in messages and ("topic", "file not found") in messages
    for where, message in messages:
        assert re.sub("RUNNING|PARTIAL_SUCCESS|FAILED|EMAIL", "…", message) in source, where


def test_links_of_the_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_readme_is_short() -> None:
    assert len(README.splitlines()) <= 200


@pytest.mark.parametrize("name", TOPICS)
def test_topic_reads_as_plain_text(name: str) -> None:
    text = TOPICS[name]
    first, second, *_ = text.splitlines()
    assert first.startswith("# ") and not second
    # one line in the list of `talkvalue help`
    assert len(first) <= 60
    assert "<!--" not in text and "](" not in text
    prose = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S) if name == "reference" else text
    # an option may have a name that is longer
    assert [line for line in prose.splitlines() if len(line) > 79 and " " in line.strip("- ")] == []


@pytest.mark.parametrize("name", sorted({*TOPICS} - {"reference"}))
def test_topic_leads_to_others_and_others_lead_to_it(name: str) -> None:
    *_, last = TOPICS[name].rstrip().split("\n\n")
    assert last.startswith("See also `talkvalue help ")
    linked = re.findall(r"`talkvalue\s+help\s+([a-z-]+)`", last)
    assert name not in linked
    assert 2 <= len(linked) == len(set(linked)) and set(linked) <= {*TOPICS}
    others = "".join(text for topic, text in TOPICS.items() if topic != name)
    assert f"`talkvalue help {name}`" in " ".join(others.split())


#: read by what others have made, and no business of one command more than of another
AMBIENT = {
    *("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"),
    *("REQUESTS_CA_BUNDLE", "SSL_CERT_DIR", "SSL_CERT_FILE"),
    *("DISPLAY", "SSH_CONNECTION", "SSH_TTY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"),
    *("FORCE_COLOR", "HOME", "PATH", "TERM", "XDG_CONFIG_HOME"),
}


def test_environment_variables_are_named_in_the_help_where_they_count() -> None:
    texts = [entry.command.get_help(entry.context) for entry in ENTRIES.values()]
    named = set(re.findall(r"\b[A-Z][A-Z_]+\b", " ".join(texts)))
    assert names_of_variables() - AMBIENT <= named


@pytest.mark.parametrize("verb", ["run", "create"])
def test_fields_in_the_help_are_those_of_the_program(verb: str) -> None:
    text = ENTRIES[f"talkvalue path import {verb}"].command.help or ""
    listed = re.search(r"^Fields: (.*(?:\n +.*)*)", text, re.M)
    assert listed and listed[1].split() == [*TARGET_FIELDS]


@pytest.mark.parametrize("verb", ["run", "create", "get", "wait", "resume"])
def test_option_of_an_import_stands_below_a_heading(verb: str) -> None:
    entry = ENTRIES[f"talkvalue path import {verb}"]
    command = entry.command
    titles = [find_section(entry.context, option) for option in entry.options]
    assert "Options" not in titles, "a new option wants a place in import_/sections.py"
    text = command.get_help(entry.context)
    assert all(text.count(f"\n{title}:\n") == 1 for title in titles)


@pytest.mark.parametrize("verb", ["prepare", "failed-export"])
def test_force_stands_beside_the_output_that_it_is_about(verb: str) -> None:
    entry = ENTRIES[f"talkvalue path import {verb}"]
    text = entry.command.get_help(entry.context)
    options = text.partition("\nOptions:\n")[2].partition("\n\n")[0]
    assert options.index("--output") < options.index("--force")
    assert "Failed rows:" not in text


def test_sections_name_options_that_there_are() -> None:
    names = {param.name for entry in ENTRIES.values() for param in entry.command.params}
    listed = [name for names in SECTIONS.values() for name in names]
    assert set(listed) <= names and len(listed) == len(set(listed))


def test_what_the_topics_lead_to_exists() -> None:
    text = " ".join([*TOPICS.values(), README])
    mentioned = set(re.findall(r"`talkvalue\s+help\s+([a-z-]+)`", text))
    assert {"mapping", "exit-codes"} <= mentioned <= {*TOPICS}
    files = set(re.findall(r"examples/[a-z/-]+(?:\.[a-z]+)?", text))
    assert "examples/contacts.csv" in files
    for file in files:
        assert (ROOT / file).exists(), file


@pytest.mark.parametrize("name", ["README", *TOPICS])
def test_documents_and_help_texts_have_the_words_of_the_trade(name: str) -> None:
    # the recording has what the program says, not what is said of it
    before, _, after = parts.split(README, "recording")
    text = before + after if name == "README" else TOPICS[name]
    # help texts and exit codes are in the topics that are generated from them
    found = re.findall(rf"(?i)\b(?:{'|'.join(OWN_WORDS)})\b", " ".join(text.split()))
    assert found == []


def list_texts(path: Path) -> Iterator[str]:
    """Yield the texts of a module that are no docstrings; what is put into one is `…`."""
    tree = ast.parse(path.read_text("utf-8"))
    # their parts, and what begins a body, are no texts of their own
    skipped = {
        id(part)
        for node in ast.walk(tree)
        for part in (node.values if isinstance(node, ast.JoinedStr) else ())
    }
    skipped |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values
            )
        elif isinstance(node, ast.Constant) and id(node) not in skipped:
            yield node.value if isinstance(node.value, str) else ""


def test_messages_have_the_words_of_the_trade() -> None:
    texts = {
        (path.name, " ".join(text.split()))
        for path in PACKAGE.rglob("*.py")
        for text in list_texts(path)
    }
    assert ("cli.py", "cannot write the output") in texts
    assert ("select.py", "… imports are PENDING or RUNNING:…") in texts
    words = re.compile(rf"(?i)\b(?:{'|'.join(OWN_WORDS)})\b")
    assert [each for each in sorted(texts) if words.search(each[1])] == []


def test_examples_have_the_words_of_the_trade() -> None:
    for path in (ROOT / "examples").rglob("*"):
        if path.is_file() and path.suffix != ".csv":
            assert re.findall(rf"(?i)\b(?:{'|'.join(OWN_WORDS)})\b", path.read_text()) == [], path


def test_files_that_contributing_speaks_of_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    names = re.findall(r"`([a-z_/]+(?:\.py|/))`", text)
    assert "imports/waiting/polling.py" in names
    for name in names:
        assert (PACKAGE / name).exists() or (ROOT / name).exists(), name


def test_first_screen_has_the_two_commands() -> None:
    first = README.splitlines()[:12]
    assert any(line.startswith("make demo") for line in first)
    assert any(line.startswith("make test") for line in first)


def test_documents_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert reference.main(["--check"]) == 0, capsys.readouterr().err


def test_stale_document_is_reported_left_alone_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / documents.TOPICS, tmp_path / documents.TOPICS)
    copy, page = tmp_path / documents.README, tmp_path / documents.PAGE
    copy.write_text(README.replace("| `124` |", "| `125` |"), "utf-8")
    stale = copy.read_text("utf-8")
    assert reference.main(["--check"], tmp_path) == 1
    err = capsys.readouterr().err
    assert "-| `125` |" in err and "+| `124` |" in err and "`make docs` fixes it" in err
    assert "talkvalue.1 is out of date; `make docs` fixes it" in err
    assert "reference.md" not in err
    assert (copy.read_text("utf-8"), page.exists()) == (stale, False)
    assert reference.main([], tmp_path) == 0
    assert copy.read_text("utf-8") == README
    assert reference.main(["--check"], tmp_path) == 0


@pytest.mark.parametrize("gone", ["<!-- end exit codes -->", "<!-- begin recording -->"])
def test_document_without_a_place_for_a_part_is_an_error(gone: str, tmp_path: Path) -> None:
    (tmp_path / documents.README).write_text(README.replace(gone, ""), "utf-8")
    with pytest.raises(ValueError, match=r"no comments around the part '(exit codes|recording)'"):
        documents.generate(tmp_path)


def test_readme_without_a_recording_is_an_error(tmp_path: Path) -> None:
    empty = parts.fill(README, {"recording": str})
    (tmp_path / documents.README).write_text(empty, "utf-8")
    with pytest.raises(ValueError, match="`make recording` writes one"):
        documents.generate(tmp_path)


def test_recording_has_the_commands_the_bar_the_record_and_the_exit_code() -> None:
    shown = [
        *["Installing ...", "$ talkvalue sandbox run", "== The import", "Field  Value"],
        *[
            "Failed rows (3 of 3)",
            "Row  Error",
            "---  -----  -------  -----",
            "  1",
            "  2",
            "  3",
            "  4",
        ],
        *["  5", "Error: import 1", "", "The exit code was 6."],
    ]
    bar = "import 1  RUNNING  [==>  ]   52 %  312/600"
    lines = ["import 1  RUNNING  [=>   ]   49 %  294/600", bar]
    assert (recording.find_bar(lines), recording.find_bar(lines[:1])) == (bar, "")
    assert recording.compose(shown, bar).splitlines() == [
        *["$ talkvalue sandbox run", "== The import", bar, "Field  Value"],
        *[
            "Failed rows (3 of 3)",
            "Row  Error",
            "---  -----  -------  -----",
            "  1",
            "  2",
            "  3",
            "  4",
        ],
        *["  …", "", "The exit code was 6."],
    ]


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
