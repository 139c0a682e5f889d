"""YAML as the files of this program use it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from talkvalue_cli import yaml_text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"", None),
        (b"# nothing\n", None),
        (b"a: b\n", {"a": "b"}),
        ("a: ä\n".encode(), {"a": "ä"}),
        (b"\xef\xbb\xbfa: b\r\nc: d\r\n", {"a": "b", "c": "d"}),
        # words of YAML 1.1 are words
        (
            b"a: no\nb: on\nc: 12:30:45\nd: true\n",
            {"a": "no", "b": "on", "c": "12:30:45", "d": True},
        ),
        # YAML 1.2 has no dates, and so the existing CLI quotes none
        (b"2026-11-23: 2026-13-45\n", {"2026-11-23": "2026-13-45"}),
        (b"a: 2026-11-23T08:00:00Z\n", {"a": "2026-11-23T08:00:00Z"}),
        (b'"a": [1, {"b": null}]\n', {"a": [1, {"b": None}]}),
    ],
)
def test_a_text_is_read_the_same_to_look_at_and_to_edit(text: bytes, value: Any) -> None:
    assert yaml_text.read(text) == value
    assert yaml_text.edit(text) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"a: b\n  c: d\n", "not YAML (line 2, column 4)"),
        (b"a: [1\n", "not YAML (line 2, column 1)"),
        (b"a: 1\na: 2\n", "not YAML (line 2, column 1)"),
        (b"a: *nobody\n", "not YAML (line 1, column 4)"),
        (b"a: 1\n---\nb: 2\n", "not YAML (line 2, column 1)"),
        (
            b"a: !!python/object:os.system x\n",
            "not YAML (line 1, column 4): "
            "the tag tag:yaml.org,2002:python/object:os.system means nothing here",
        ),
        (b"\xff", "not YAML"),
    ],
)
def test_what_is_no_yaml_is_told_with_its_place(text: bytes, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        yaml_text.read(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "value", ["2026-11-23", "1_000", "1e3", "no", "~", "=", "", "a: b", "#", "123"]
)
def test_text_stays_text_when_it_is_written(value: str) -> None:
    assert yaml_text.read(yaml_text.write({value: value})) == {value: value}


def test_a_long_value_stays_on_its_line() -> None:
    value = " ".join(["word"] * 100)
    assert yaml_text.write({"a": value}) == f"a: {value}\n".encode()


def test_what_is_not_changed_is_written_as_it_was() -> None:
    text = b"""# head
version: 1  # one
quoted: 'yes'
double: "d"
list:
- 1
- 2

# below
deep:
  key: value  # at its end
"""
    assert yaml_text.write(yaml_text.edit(text)) == text


ENTRIES = """version: 1
profiles:
  # above
  one:
    key: 1  # inside

  # two is next
  two:
    key: 2
# the server
api_url: u
"""


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (
            ["one"],
            "version: 1\nprofiles:\n  # above\n  # two is next\n  two:\n    key: 2\n"
            "# the server\napi_url: u\n",
        ),
        (
            ["two"],
            "version: 1\nprofiles:\n  # above\n  one:\n    key: 1  # inside\n\n"
            "  # two is next\n# the server\napi_url: u\n",
        ),
    ],
)
def test_comments_below_an_entry_stay_when_it_is_removed(names: list[str], expected: str) -> None:
    values = yaml_text.edit(ENTRIES.encode())
    for name in names:
        yaml_text.remove(values, "profiles", name)
    assert yaml_text.write(values).decode() == expected


@pytest.mark.parametrize("tail", ["", "api_url: u\n", "# the end\n", "\n# the end\n\n# really\n"])
@pytest.mark.parametrize("head", ["", "  # above\n"])
def test_a_group_that_is_emptied_can_be_read_again(head: str, tail: str) -> None:
    text = f"version: 1\nprofiles:\n{head}  one:\n    key: 1\n{tail}"
    values = yaml_text.edit(text.encode())
    yaml_text.remove(values, "profiles", "one")
    written = yaml_text.write(values).decode()
    rest = {"api_url": "u"} if "api_url" in tail else {}
    assert yaml_text.read(written.encode()) == {"version": 1, "profiles": {}, **rest}
    for comment in ("# above", "# the end", "# really"):
        assert (comment in written) == (comment in text), written


def test_an_entry_in_one_line_is_removed() -> None:
    values = yaml_text.edit(b"profiles: {one: {key: 1}, two: 2}  # here\nx: 1\n")
    yaml_text.remove(values, "profiles", "one")
    written = b" ".join(yaml_text.write(values).split())
    assert written == b"profiles: {two: 2} # here x: 1"


def _multiply(levels: int) -> bytes:
    """Return a text that grows nine times with each line."""
    lines = [b"a0: &a0 [x, x, x, x, x, x, x, x, x]\n"]
    for number in range(1, levels):
        lines.append(
            b"a%d: &a%d [%s]\n" % (number, number, b", ".join([b"*a%d" % (number - 1)] * 9))
        )
    return b"".join(lines)


def _merge(levels: int) -> bytes:
    """Return a text whose merges double with each line."""
    lines = [b"a0: &a0 {x: 1}\n"]
    for n in range(1, levels):
        lines.append(b"a%d: &a%d {<<: [*a%d, *a%d]}\n" % (n, n, n - 1, n - 1))
    return b"".join(lines)


@pytest.mark.parametrize("parse", [yaml_text.read, yaml_text.edit])
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"a: &a {<<: *a}\n", "*a leads into itself"),
        (b"a: &a [*a]\n", "*a leads into itself"),
        (b"&b {a: {c: [*b]}}\n", "*b leads into itself"),
        (b"profiles: &p\n  x: *p\n  org_id: q\n", "*p leads into itself"),
        (_multiply(9), "more than 100,000 values"),
        (_merge(40), "more than 100,000 values"),
        (b"[" * 10_000, "nested more than 100 deep"),
        (b"{a: " * 100_000, "nested more than 100 deep"),
        (b"- " * 100_000, "nested more than 100 deep"),
        (b"a: !foo b\n", "the tag !foo means nothing here"),
        (b"a: !!binary aGk=\n", "the tag tag:yaml.org,2002:binary means nothing here"),
        (b"a: !!set {b, c}\n", "the tag tag:yaml.org,2002:set means nothing here"),
        (
            b"a: !!python/object/apply:os.system [ls]\n",
            "the tag tag:yaml.org,2002:python/object/apply:os.system means nothing here",
        ),
        (b'a: "\\ud800"\n', "half of a character, as \\ud800 is one"),
    ],
    ids=lambda value: value[:20] if isinstance(value, bytes) else "",
)
def test_what_only_looks_small_is_not_read(
    parse: Callable[[bytes], Any], text: bytes, reason: str
) -> None:
    with pytest.raises(ValueError) as caught:
        parse(text)
    assert re.sub(r" \(line \d+, column \d+\)", "", str(caught.value)) == f"not YAML: {reason}"
    assert "(line " in str(caught.value)


@pytest.mark.parametrize("parse", [yaml_text.read, yaml_text.edit])
@pytest.mark.parametrize(
    "text", [b"a: b\0c\n", b"\0", b"a: !!bool x\n", b"a: !!map x\n", b"a: *b\n", b"<<: x\n"]
)
def test_what_the_parser_stumbles_over_is_an_error(
    parse: Callable[[bytes], Any], text: bytes
) -> None:
    with pytest.raises(ValueError, match=r"^not YAML"):
        parse(text)


@pytest.mark.parametrize("parse", [yaml_text.read, yaml_text.edit])
@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"a: {[b]: c}\n", "not YAML: a list is no key"),
        (b"? [b]\n: c\n", "not YAML: a list is no key"),
        (b"- {x: {[b]: c}}\n", "not YAML: a list is no key"),
        (b"a: 0x" + b"f" * 5000 + b"\n", "not YAML: a number has too many digits"),
    ],
)
def test_what_no_json_can_hold_is_not_read(
    parse: Callable[[bytes], Any], text: bytes, message: str
) -> None:
    with pytest.raises(ValueError) as caught:
        parse(text)
    assert str(caught.value) == message


def test_aliases_that_lead_somewhere_are_read() -> None:
    text = b"a: &a {x: 1}\nb: *a\nc: {<<: *a, y: 2}\n"
    assert yaml_text.read(text) == {"a": {"x": 1}, "b": {"x": 1}, "c": {"x": 1, "y": 2}}
