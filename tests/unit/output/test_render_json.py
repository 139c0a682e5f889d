"""JSON documents."""

from __future__ import annotations

import json

import pytest

from talkvalue_cli.output import render_json


def test_keys_keep_their_order_and_text_stays_readable() -> None:
    document = {"data": {"b": 1, "a": None, "name": "김 é 🎉", "html": "</script>"}}
    assert render_json.render_document(document) == (
        '{\n  "data": {\n    "b": 1,\n    "a": null,\n    "name": "김 é 🎉",\n'
        '    "html": "</script>"\n  }\n}\n'
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (123456789012345678901234567890, "123456789012345678901234567890"),
        (9007199254740993, "9007199254740993"),
        (True, "true"),
        ([], "[]"),
        ({}, "{}"),
        ('tab\t quote" \x1b', '"tab\\t quote\\" \\u001b"'),
        # JSON has no such numbers; JavaScript, and with it the Node CLI, writes null
        (float("nan"), "null"),
        (float("inf"), "null"),
        (-float("inf"), "null"),
    ],
)
def test_values_are_spelled_exactly(value: object, text: str) -> None:
    assert render_json.render_document(value) == f"{text}\n"


@pytest.mark.parametrize("value", ["\ud800", "a\udfffb", "\udc00\ud800"])
def test_half_a_surrogate_pair_is_escaped_and_can_be_read_back(value: str) -> None:
    text = render_json.render_document({"data": value})
    assert json.loads(text.encode("utf-8")) == {"data": value}


@pytest.mark.parametrize(
    "value", ["\x1b]0;t\x07", "\x9b31m", "\u202egpj.exe", "\u2066", "\u2028", "\ufeff"]
)
def test_what_a_terminal_obeys_is_escaped_and_can_be_read_back(value: str) -> None:
    for text in (render_json.render_document([value]), render_json.render_line([value])):
        assert text.isascii()
        assert json.loads(text) == [value]


def test_a_line_of_json_is_one_line() -> None:
    assert render_json.render_line({"a": "é\n", "b": [1]}) == '{"a": "é\\n", "b": [1]}\n'
