"""`talkvalue skills`: what is written where, and that all of it is true."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import click
import pytest
import yaml

from talkvalue_cli.commands import skills
from tests.reference import Entry, walk_commands
from tests.unit.commands.command_line import run

ENTRIES = {entry.path: entry for entry in walk_commands()}
FILES = skills.render_all(ENTRIES["talkvalue"].context)
NAMES = [
    *["talkvalue-imports", "talkvalue-people", "talkvalue-channels-and-events"],
    *["talkvalue-analysis", "talkvalue-sign-in"],
]
SKILLS = {name: FILES[f"{name}/SKILL.md"] for name in NAMES}


def find_command(words: list[str]) -> Entry:
    """Return the command that words behind the program begin with."""
    path = "talkvalue"
    for word in words:
        if f"{path} {word}" not in ENTRIES:
            break
        path = f"{path} {word}"
    return ENTRIES[path]


def test_skills_are_listed_with_what_they_are_for() -> None:
    listed = json.loads(run("skills").out)["data"]
    assert [each["name"] for each in listed] == NAMES
    assert all("Use when " in each["description"] for each in listed)


@pytest.mark.parametrize("name", NAMES)
def test_front_matter_is_that_of_the_format(name: str) -> None:
    _, front, body = SKILLS[name].split("---\n", 2)
    found = yaml.safe_load(front)
    assert list(found) == ["name", "description"]
    assert found["name"] == name and re.fullmatch("[a-z0-9-]{1,64}", name)
    assert 0 < len(found["description"]) <= 1024
    assert body.startswith("\n# ")
    assert len(SKILLS[name].splitlines()) < 500


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_to_files_beside_it(name: str) -> None:
    links = re.findall(r"\]\((.+?)\)", SKILLS[name])
    assert links
    for link in links:
        assert f"{name}/{link}" in FILES


@pytest.mark.parametrize("name", NAMES)
def test_commands_and_options_that_are_spoken_of_exist(name: str) -> None:
    spoken = re.findall(r"`talkvalue ([^`]+)`", SKILLS[name])
    assert len(spoken) > 5
    for line in spoken:
        words = shlex.split(line.replace("[OPTIONS]", "").replace("COMMAND", "version"))
        entry = find_command(words)
        assert entry.path != "talkvalue", line
        names = {name for param in entry.command.params for name in param.opts}
        assert {word for word in words if word.startswith("--")} <= names, line
    lists = re.findall(r"`talkvalue help --json (.+?)` describes: (.+)\.", SKILLS[name])
    assert lists
    for path, listed in lists:
        options = find_command(path.split()).options
        assert len(re.findall("`--", listed)) == len(options)


def test_every_command_of_the_groups_is_in_one_skill() -> None:
    told = re.findall(r"^### (talkvalue .+)$", "\n".join(SKILLS.values()), re.M)
    groups = ("talkvalue path ", "talkvalue auth ", "talkvalue config ")
    commands = [
        path
        for path, entry in ENTRIES.items()
        if path.startswith(groups)
        and (not isinstance(entry.command, click.Group) or entry.command.invoke_without_command)
    ]
    assert sorted(told) == sorted(commands)


def test_files_are_written_and_those_of_an_earlier_release_are_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "skills"
    done = run("skills --install", str(folder))
    assert done.code == 0, done.err
    rows = json.loads(done.out)["data"]
    assert [row["path"] for row in rows] == [str(folder / name / "SKILL.md") for name in NAMES]
    written = {
        str(path.relative_to(folder)): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert written == FILES
    old = folder / NAMES[0] / "SKILL.md"
    old.write_text(old.read_text("utf-8").replace("# Import", "# Earlier"), "utf-8")
    assert run("skills --install", str(folder)).code == 0
    assert old.read_text("utf-8") == FILES[f"{NAMES[0]}/SKILL.md"]


def test_a_file_of_somebody_else_is_left_alone_before_anything_is_written(tmp_path: Path) -> None:
    theirs = tmp_path / "talkvalue-sign-in" / "SKILL.md"
    theirs.parent.mkdir()
    theirs.write_text("mine")
    done = run("skills --install", str(tmp_path))
    assert (done.code, done.out) == (2, "")
    error = json.loads(done.err)["error"]
    assert error["message"] == f"--install: {theirs} was not made by this command"
    assert error["hint"] == "--force replaces it"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [theirs]
    assert theirs.read_text() == "mine"
    assert run("skills --force --install", str(tmp_path)).code == 0
    assert theirs.read_text("utf-8") == SKILLS["talkvalue-sign-in"]


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("skills --install", str(tmp_path / "file"))
    assert done.code == 2
    assert (
        json.loads(done.err)["error"]["message"]
        == f"--install: {tmp_path / 'file'} is not a folder"
    )
