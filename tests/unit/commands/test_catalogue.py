"""`talkvalue help --json`: the tree has all that can be typed, and what comes of it."""

from __future__ import annotations

import json
from typing import Any

import click
import pytest

from talkvalue_cli.commands import topics
from tests.reference import walk_commands
from tests.unit.commands.command_line import run

ENTRIES = {entry.path: entry for entry in walk_commands()}
TREE: dict[str, Any] = json.loads(run("help --json").out)["data"]
#: written out here, as scripts have them
ALL_CODES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 124, 129, 130, 141, 143]
PLAIN_CODES = [0, 1, 2, 3, 4, 5, 129, 130, 141, 143]


def flatten(node: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the nodes of a tree by their command."""
    found = {node["command"]: node}
    for below in node.get("commands", []):
        found |= flatten(below)
    return found


NODES = flatten(TREE)


def test_tree_has_every_command() -> None:
    assert list(NODES) == list(ENTRIES)


@pytest.mark.parametrize("path", ENTRIES)
def test_node_has_what_the_command_takes(path: str) -> None:
    node, entry = NODES[path], ENTRIES[path]
    assert node["usage"].startswith(path)
    assert node["summary"].endswith(".") and node["examples"]
    assert [each["names"] for each in node["options"]] == [[*o.opts] for o in entry.options]
    assert [each["help"] for each in node["options"]] == [o.help for o in entry.options]
    arguments = [p for p in entry.command.params if isinstance(p, click.Argument)]
    assert [each["required"] for each in node["arguments"]] == [a.required for a in arguments]
    assert all(each["name"].strip("[].") == each["name"] for each in node["arguments"])


def test_options_have_their_words_values_defaults_and_sections() -> None:
    options = {each["names"][0]: each for each in NODES["talkvalue path import run"]["options"]}
    assert options["--mode"] == {
        "names": ["--mode"],
        "value": "MODE",
        "words": ["UPDATE", "SKIP"],
        "required": True,
        "multiple": False,
        "default": None,
        "help": "UPDATE overwrites people who exist already, SKIP leaves them alone.",
        "section": "Where it goes",
    }
    assert options["--channel"]["value"] == "NAME-OR-ID"
    assert options["--min-confidence"]["default"] == "0.8"
    assert options["--mapping"]["multiple"] is True
    assert (options["--again"]["value"], options["--again"]["default"]) == (None, None)
    assert options["--timeout"]["section"] == "Waiting"


def test_exit_codes_of_a_wait_are_those_of_commands_that_can_wait() -> None:
    waits = {path for path, node in NODES.items() if node.get("exitCodes") == ALL_CODES}
    verbs = ("create", "get", "resume", "run", "wait")
    # the root has them all, with what they mean
    assert waits == {f"talkvalue path import {verb}" for verb in verbs}
    assert [each["code"] for each in TREE["exitCodes"]] == ALL_CODES
    assert NODES["talkvalue path channel list"]["exitCodes"] == PLAIN_CODES
    assert "exitCodes" not in NODES["talkvalue path channel"]
    assert NODES["talkvalue path overview"]["exitCodes"] == PLAIN_CODES


def test_aliases_lead_to_commands_that_there_are() -> None:
    aliases = TREE["aliases"]
    assert aliases["talkvalue import"] == "talkvalue path import"
    assert aliases["talkvalue whoami"] == "talkvalue auth status"
    assert aliases["talkvalue path import watch"] == "talkvalue path import wait"
    assert {*aliases.values()} <= {*ENTRIES} and not {*aliases} & {*ENTRIES}


def test_tree_has_the_fields_the_topics_and_the_global_options() -> None:
    assert TREE["importFields"][:2] == ["EMAIL", "FIRST_NAME"]
    assert [each["name"] for each in TREE["topics"]] == topics.list_topics()
    names = [name for each in TREE["globalOptions"] for name in each["names"]]
    assert {"--format", "--json", "--profile", "--api-url", "--version"} <= {*names}


def test_one_command_is_the_same_as_in_the_tree() -> None:
    found = json.loads(run("help --format json path import get").out)["data"]
    assert found == NODES["talkvalue path import get"]
    short = json.loads(run("help import get --json").out)["data"]
    assert short["command"] == "talkvalue import get"
    assert short["options"] == found["options"]


def test_topic_is_its_text() -> None:
    found = json.loads(run("help mapping --json").out)["data"]
    assert found == {
        "topic": "mapping",
        "title": "Which column goes to which field",
        "text": topics.read_topic("mapping"),
    }


def test_without_a_format_help_is_text_in_a_pipe_too() -> None:
    assert run("help path import get").out.startswith("Usage: ")
