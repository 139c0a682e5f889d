"""Tables of every resource on terminals of 60 columns and more: no line is wider, nor raw JSON."""

from __future__ import annotations

import pytest
from wcwidth import wcswidth

from tests.csv_texts import people
from tests.world import MakeWorld, World

CHANNELS = "--channel-id 1 --channel-id 2 --channel-id 3"
#: command → what the first line of its last table begins with
TABLES = {
    "path person list --all": "ID    Name",
    "path person get 1": "ID    Name",
    "path person activity 1": "ID    Action",
    "path channel list": "ID    Name",
    "path channel get 1": "Field Value",
    # columns are as wide as the first page needs: who fills them all comes first
    "path channel people 1 --all --sort joinedAt:desc": "ID    Name",
    "path event list": "ID    Name",
    "path event get 1001": "Field Value",
    "path event person list 1012 --all": "ID    Name",
    "path company list": "ID    Domain",
    "path company person list 2 --all": "ID    Name",
    "path tag list": "ID    Name",
    "path import list": "ID    Status",
    "path overview": "ID    Name",
    "path overview stats": "ID    Name",
    "path analysis channel attribution 1": "ID    Name",
    f"path analysis channel audience {CHANNELS}": "Channels People",
    "path analysis event trend": "ID    Name",
    "path analysis event insights": "Field Value",
}


@pytest.fixture(scope="module")
def full(share_world: MakeWorld) -> World:
    """A world with people who fill every column."""
    world = share_world()
    texts = "--job-title='Chief of Everything and More' --company-name='Some Company Limited'"
    for letter in "ab":
        person = f"a-very-long-local-part-{letter}@a-very-long-domain-of-a-company.example"
        names = "--first-name=Maximiliana --last-name='Ångström-Überlang 東京'"
        add = f"path channel add-person 1 --phone '+49 341 1234567-{letter}' -e {person}"
        assert world.run(add, names, texts).code == 0
    world.finish_import(people(3, bad=2))
    return world


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("line", TABLES)
def test_a_table_fits_into_the_terminal(full: World, line: str, columns: int) -> None:
    done = full.run(line, columns=columns)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert [text for text in lines if wcswidth(text) > columns] == []
    assert '{"' not in done.out
    headers = [lines[number - 1] for number, text in enumerate(lines) if text.startswith("--")]
    assert headers[-1].split()[:2] == TABLES[line].split()


def test_in_a_pipe_a_table_has_every_column_in_full(full: World) -> None:
    header = full.run("path person list --keyword a-very --format table").out.splitlines()[0]
    assert header.split()[-4:] == ["Joined", "At", "Created", "At"]
    assert "a-very-long-local-part-a@a-very-long-domain-of-a-company.example" in (
        full.run("path person list --keyword a-very --format table").out
    )
