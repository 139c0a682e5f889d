"""Text and numbers that could break something on their way to the server and back."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest

from tests.world import World

TEXTS = [
    "שלום \u202eevil.exe",
    "مرحبا بالعالم",
    '=HYPERLINK("https://x.example","y")',
    "+1-2;@SUM(A1)\t|cmd",
    'quote " comma , semicolon ; back\\slash',
    "line one\nline two\r\nthree",
    "\x1b[31mred\x1b[0m\x07",
    "👩‍👩‍👧 東京 e\u0301",
    "NULL",
    "--json",
    "-1",
    "%s %(x)s {0} $HOME `id`",
]


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_text_comes_back_as_it_was_sent(world: World, text: str) -> None:
    number = TEXTS.index(text)
    add = f"path channel add-person 4 -e hostile-{number}@text.example"
    added = world.run(add, words=[f"--first-name={text}", f"--job-title={text}"])
    assert (added.data["firstName"], added.data["jobTitle"]) == (text, text)
    line = f"path person list --keyword hostile-{number}@"
    done = world.run(line)
    assert [person["jobTitle"] for person in done.data] == [text]
    # csv.reader sees the line ends that the text itself has
    [_, row] = csv.reader(io.StringIO(world.run(line + " --format csv").out, newline=""))
    assert row[4] == text
    for command in (line, f"path person get {added.data['id']}"):
        table = world.run(command + " --format table").out
        strange = {each for each in table if unicodedata.category(each) in ("Cc", "Cf")}
        assert strange <= {"\n", "\u200d"}, command
    assert len(world.run(line + " --format table").out.splitlines()) == 4


def test_a_filter_is_taken_literally(world: World) -> None:
    done = world.run("path person list --keyword", words=["A&B=%20+ü,#\n%_'--"])
    assert done.lines == ["GET /path/person?keyword=A%26B%3D%2520%2B%C3%BC%2C%23%0A%25_%27--"]
    assert done.data == []


@pytest.mark.parametrize("text", ["0", "-1", "+1", "1.0", "\u0661", " 1", ""], ids=ascii)
def test_only_plain_numbers_are_ids(world: World, text: str) -> None:
    for line in ("path person delete --confirm --", "path tag attach 1 --tag-id"):
        done = world.run(line, words=[text])
        assert (done.code, done.raw, done.lines) == (2, b"", []), line


@pytest.mark.parametrize("text", ["1e3", "0x10", "12abc"])
def test_what_has_a_letter_is_a_name_and_never_the_number_that_it_begins_with(
    world: World, text: str
) -> None:
    done = world.run("path tag attach 1 --tag-id", words=[text])
    assert (done.code, done.raw, done.lines) == (4, b"", ["GET /path/tag"])
    # people are called by their addresses
    done = world.run("path person delete --confirm", words=[text])
    assert (done.code, done.raw, done.lines) == (2, b"", [])


@pytest.mark.parametrize("name", ["A&B=%20+ü,#\n%_'--", "\u202etxt", "../../1", "1/../2", "%31"])
def test_a_name_is_taken_literally(world: World, name: str) -> None:
    made = world.run("path channel create --name", words=[name]).data
    found = world.run("path channel get --", words=[name])
    assert found.data["id"] == made["id"]
    assert found.lines == ["GET /path/channel", "GET /path/channel"]


def test_large_ids_lose_no_digits(world: World) -> None:
    done = world.run("path person get 9007199254740993")
    assert (done.code, done.lines) == (4, ["GET /path/person/9007199254740993"])
    done = world.run("path person delete --confirm 9223372036854775807")
    assert (done.code, done.lines) == (4, ["DELETE /path/person/9223372036854775807"])
    for number in ("9223372036854775808", "99999999999999999999999"):
        assert world.run(f"path person get {number}").lines == []


def test_of_an_option_given_twice_the_last_one_counts(world: World) -> None:
    done = world.run("path person list --page 9 --page 2 --page-size 1 --format table --format csv")
    assert done.lines == ["GET /path/person?pageNumber=2&pageSize=1"]
    assert done.out.startswith("ID,Name,")
    done = world.run("path --json tag list --name nobody --format csv")
    assert done.json == {"data": []}


@pytest.mark.parametrize(
    "line",
    [
        "path tag create --name",
        "path person list --keyword",
        "api GET /path/tag -f name=",
        "api GET /path/",
        "path import run a.csv --source-id 1 --mode SKIP --mapping 0:",
    ],
)
def test_text_that_is_not_utf8_is_a_usage_error(world: World, line: str) -> None:
    """Bytes that are none reach Python as halves of characters."""
    world.write("a.csv", "Email\na@b.example\n")
    head, _, last = line.rpartition(" ")
    words = [last, "a\udcff"] if last.startswith("--") else [f"{last}a\udcff"]
    done = world.run(head, words=words)
    assert (done.code, done.error["code"], done.sent) == (2, "USAGE", [])
    assert "a\\udcff" in done.error["message"]


def test_a_value_that_looks_like_an_option_needs_an_equals_sign(world: World) -> None:
    done = world.run("path tag create --name --json")
    assert (done.code, done.lines) == (2, [])
    assert "--name=--json" in done.error["message"]
    assert world.run("path tag create --name=--json").data["name"] == "--json"
    assert world.run("path person get -- 1").data["id"] == 1
    assert world.run("path person get -- 1 --json").code == 2


def test_the_version_is_printed_in_place_of_everything_else(world: World) -> None:
    done = world.run("path person delete 1 --confirm --version")
    assert (done.code, done.lines) == (0, [])
    assert "{" not in done.out


def test_an_empty_value_is_sent_where_it_means_something(world: World) -> None:
    person_id = world.run("path channel add-person 4 -e empty@text.example --address x").data["id"]
    done = world.run(f"path person update {person_id} --address=")
    assert done.lines == [f'PATCH /path/person/{person_id} {{"address": ""}}']
    for line in ("tag create --name=", "channel create -n ' '", "company update 1 --display-name="):
        assert (world.run(f"path {line}").code, world.run(f"path {line}").lines) == (2, [])
