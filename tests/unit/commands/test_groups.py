"""The groups below `path`, which are found in their folder."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pytest

from talkvalue_cli.commands import path
from talkvalue_cli.commands.base import Group
from tests.unit.commands.command_line import run

GROUPS = ["analysis", "channel", "company", "event", "import", "overview", "person", "tag"]


def make_group() -> Group:
    return Group("path", package="path")


def test_each_module_is_a_group_under_its_name() -> None:
    group = make_group()
    assert group.list_commands(click.Context(group)) == GROUPS


def test_a_new_module_is_a_new_group_and_nothing_else_has_to_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "white_board_.py").write_text("import click\ngroup = click.Group('board')\n")
    monkeypatch.setattr(path, "__path__", [str(tmp_path)])
    group = make_group()
    context = click.Context(group)
    assert group.list_commands(context) == ["white-board"]
    found = group.get_command(context, "white-board")
    assert found is not None and found.name == "board"
    monkeypatch.delitem(sys.modules, "talkvalue_cli.commands.path.white_board_")


def test_listing_the_groups_imports_none() -> None:
    group = make_group()
    before = set(sys.modules)
    group.list_commands(click.Context(group))
    group.get_command(click.Context(group), "no-such-group")
    assert set(sys.modules) == before


def test_a_group_that_does_not_exist_is_a_usage_error() -> None:
    done = run("path import_ list")
    assert (done.code, done.out) == (2, "")
    assert "No such command 'import_'" in done.err
