"""Text and numbers that could break something on their way to the server and back."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest

from tests.process.relay import Relay

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
def test_text_comes_back_as_it_was_sent(relay: Relay, text: str) -> None:
    number = TEXTS.index(text)
    add = f"path channel add-person 4 -e hostile-{number}@text.example"
    added = relay.call(add, f"--first-name={text}", f"--job-title={text}")
    assert (added.data["firstName"], added.data["jobTitle"]) == (text, text)
    line = f"path person list --keyword hostile-{number}@"
    done = relay.call(line)
    assert [person["jobTitle"] for person in done.data] == [text]
    # csv.reader sees the line ends that the text itself has
    [_, row] = csv.reader(io.StringIO(relay.call(line + " --format csv").out, newline=""))
    assert row[4] == text
    for command in (line, f"path person get {added.data['id']}"):
        table = relay.call(command + " --format table").out
        strange = {each for each in table if unicodedata.category(each) in ("Cc", "Cf")}
        assert strange <= {"\n", "\u200d"}, command
    assert len(relay.call(line + " --format table").out.splitlines()) == 4


def test_a_filter_is_taken_literally(relay: Relay) -> None:
    done = relay.call("path person list --keyword", "A&B=%20+ü,#\n%_'--")
    assert done.sent == ["GET /path/person?keyword=A%26B%3D%2520%2B%C3%BC%2C%23%0A%25_%27--"]
    assert done.data == []


@pytest.mark.parametrize(
    "text", ["0", "-1", "+1", "1.0", "1e3", "0x10", "12abc", "\u0661", " 1", ""], ids=ascii
)
def test_only_plain_numbers_are_ids(relay: Relay, text: str) -> None:
    for line in ("path person delete --confirm --", "path tag attach 1 --tag-id"):
        done = relay.call(line, text)
        assert (done.code, done.raw, done.sent) == (2, b"", []), line


def test_large_ids_lose_no_digits(relay: Relay) -> None:
    done = relay.call("path person get 9007199254740993")
    assert (done.code, done.sent) == (4, ["GET /path/person/9007199254740993"])
    done = relay.call("path person delete --confirm 9223372036854775807")
    assert (done.code, done.sent) == (4, ["DELETE /path/person/9223372036854775807"])
    for number in ("9223372036854775808", "99999999999999999999999"):
        assert relay.call(f"path person get {number}").sent == []


def test_of_an_option_given_twice_the_last_one_counts(relay: Relay) -> None:
    done = relay.call(
        "path person list --page 9 --page 2 --page-size 1 --format table --format csv"
    )
    assert done.sent == ["GET /path/person?pageNumber=2&pageSize=1"]
    assert done.out.startswith("ID,Name,")
    done = relay.call("path --json tag list --name nobody --format csv")
    assert done.json == {"data": []}


def test_a_value_that_looks_like_an_option_needs_an_equals_sign(relay: Relay) -> None:
    done = relay.call("path tag create --name --json")
    assert (done.code, done.sent) == (2, [])
    assert "--name=--json" in done.error["message"]
    assert relay.call("path tag create --name=--json").data["name"] == "--json"
    assert relay.call("path person get -- 1").data["id"] == 1
    assert relay.call("path person get -- 1 --json").code == 2


def test_the_version_is_printed_in_place_of_everything_else(relay: Relay) -> None:
    done = relay.call("path person delete 1 --confirm --version")
    assert (done.code, done.sent) == (0, [])
    assert "{" not in done.out


def test_an_empty_value_is_sent_where_it_means_something(relay: Relay) -> None:
    person_id = relay.call("path channel add-person 4 -e empty@text.example --address x").data["id"]
    done = relay.call(f"path person update {person_id} --address=")
    assert done.sent == [f'PATCH /path/person/{person_id} {{"address": ""}}']
    for line in ("tag create --name=", "channel create -n ' '", "company update 1 --display-name="):
        assert (relay.call(f"path {line}").code, relay.call(f"path {line}").sent) == (2, [])
