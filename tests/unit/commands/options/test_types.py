"""Parameter types: what is accepted, and how the rest is refused."""

from __future__ import annotations

import sys
import zoneinfo
from collections.abc import Iterator
from typing import Any

import click
import pytest

from talkvalue_cli.commands.options import types
from talkvalue_cli.commands.options.types import Moment, TimeZone


def refusal(kind: click.ParamType[Any], text: str) -> str:
    """Return the message for a text that the type refuses."""
    with pytest.raises(click.BadParameter) as caught:
        kind.convert(text, None, None)
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "number"), [("1", 1), ("4218", 4218), ("007", 7), ("9223372036854775807", 2**63 - 1)]
)
def test_an_id_is_a_whole_positive_number(text: str, number: int) -> None:
    assert types.ID.convert(text, None, None) == number


@pytest.mark.parametrize(
    "text",
    [
        *("12abc", "7.9", "1e3", "0x10", "-1", "+1", "0", "000", "", " ", "\uff17", "٣", "1_000"),
        *("1,000", " 7", "7\n", "imp_1", "9223372036854775808", "1" * 20, "1" * 60),
    ],
)
def test_anything_else_is_no_id_and_is_named(text: str) -> None:
    assert refusal(types.ID, text) == f"{text!r} must be a positive integer"


def test_what_is_no_id_is_not_repeated_at_length() -> None:
    assert refusal(types.ID, "1" * 5000) == f"'{'1' * 60}…' must be a positive integer"


def test_a_cursor_may_be_nought() -> None:
    assert types.CURSOR.convert("0", None, None) == 0
    for text in ("-1", "1.5", "x", ""):
        assert refusal(types.CURSOR, text) == f"{text!r} must be 0 or a positive integer"


@pytest.mark.parametrize(("text", "seconds"), [("90", 90.0), ("1h30m", 5400.0), ("0", 0.0)])
def test_a_duration_becomes_seconds(text: str, seconds: float) -> None:
    assert types.Duration().convert(text, None, None) == seconds


@pytest.mark.parametrize("text", ["none", "None", " NONE "])
def test_none_is_for_ever_where_it_is_allowed(text: str) -> None:
    assert types.Duration(has_none=True).convert(text, None, None) == float("inf")
    assert "is not a duration" in refusal(types.Duration(), text)


def test_a_wrong_duration_is_named_with_what_would_be_right() -> None:
    assert refusal(types.Duration(has_none=True), "soon") == (
        "'soon' is not a duration; write 90, 90s, 30m, 2h or 1h30m, or none"
    )
    assert refusal(types.Duration(1.0), "0.5") == "'0.5' is shorter than 1 s"


@pytest.mark.parametrize("text", ["UPDATE", "update", " Update\t"])
def test_a_word_is_taken_in_any_case_with_blanks_around_it(text: str) -> None:
    assert types.Word("mode", ("UPDATE", "SKIP")).convert(text, None, None) == "UPDATE"


@pytest.mark.parametrize("text", ["", "UPD", "UPDATE,SKIP"])
def test_another_word_is_refused_with_the_choices(text: str) -> None:
    message = refusal(types.Word("mode", ("UPDATE", "SKIP")), text)
    assert message == f"{text!r} is not one of UPDATE, SKIP"


@pytest.mark.parametrize("text", ["", " ", "\t\n"])
def test_text_must_hold_something(text: str) -> None:
    assert refusal(types.Text(), text) == "it is empty"
    assert types.Text().convert(" x ", None, None) == " x "


@pytest.mark.parametrize(
    ("text", "index", "field"),
    [
        ("0:EMAIL", 0, "EMAIL"),
        ("12:first_name", 12, "FIRST_NAME"),
        (" 1 : Email ", 1, "EMAIL"),
        ("007:X_URL", 7, "X_URL"),
    ],
)
def test_a_mapping_is_a_column_and_a_field(text: str, index: int, field: str) -> None:
    found = types.Mapping().convert(text, None, None)
    assert found == (index, field)


@pytest.mark.parametrize("text", ["2:null", "2:NULL", " 2 : Null "])
def test_a_column_without_a_field_is_one_that_is_not_imported(text: str) -> None:
    assert types.Mapping().convert(text, None, None) == (2, None)


@pytest.mark.parametrize("text", ["", "0", "EMAIL", "0:EMAIL:1", "0=EMAIL"])
def test_a_mapping_without_one_colon_is_refused(text: str) -> None:
    assert refusal(types.Mapping(), text) == f"{text!r} is not INDEX:FIELD, such as 0:EMAIL"


@pytest.mark.parametrize(
    "index", ["12abc", "-1", "+1", "1.9", "1e3", "", "0x1", "\uff19", "1_0", "1" * 10]
)
def test_a_column_must_be_a_whole_number_from_0_on(index: str) -> None:
    text = f"{index}:EMAIL"
    assert refusal(types.Mapping(), text) == (
        f"{text!r}: {index!r} is not a column number; the first column is 0"
    )


@pytest.mark.parametrize("field", ["FOO", "nil", "", "E MAIL"])
def test_an_unknown_field_is_refused_with_all_there_are(field: str) -> None:
    text = f"1:{field}"
    assert refusal(types.Mapping(), text) == (
        f"{text!r}: {field.upper()!r} is not a field; there are EMAIL, FIRST_NAME, LAST_NAME, "
        "NAME, PHONE, JOB_TITLE, COMPANY_NAME, ADDRESS, LINKEDIN_URL, X_URL, JOINED_AT"
    )


@pytest.fixture
def no_zones(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Be a machine without any time zone data."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "tzdata"]:
        monkeypatch.delitem(sys.modules, name)
    # the package that helps out where the system has no zones cannot be imported
    monkeypatch.setitem(sys.modules, "tzdata", None)
    zoneinfo.reset_tzpath(to=[])
    zoneinfo.ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()


@pytest.mark.parametrize(
    "text",
    [
        "2027-03-01T18:30:00",
        "2027-03-01T18:30:00Z",
        "2027-03-01T18:30:00.123456789+09:00",
        "2027-03-01T18:30",
        "2027-03-01T18:30+0900",
        "2027-03-01T18:30:00-09",
        "2027-03-01",
    ],
)
def test_a_time_stays_as_it_was_typed(text: str) -> None:
    assert Moment().convert(text, None, None) == text


@pytest.mark.parametrize("text", ["", "tomorrow", "2027-02-30", "18:30", "1772386200"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is not a time in ISO 8601"):
        Moment().convert(text, None, None)


@pytest.mark.parametrize("name", ["Europe/Berlin", "UTC", "Asia/Seoul"])
def test_a_zone_stays_as_it_was_typed(name: str) -> None:
    assert TimeZone().convert(name, None, None) == name


@pytest.mark.parametrize("name", ["", "Mars/X", "Europe", "../UTC", "/etc/localtime", "a\0b"])
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(click.BadParameter, match="is not the IANA name of a time zone"):
        TimeZone().convert(name, None, None)


@pytest.mark.usefixtures("no_zones")
def test_a_machine_that_knows_no_zones_leaves_them_to_the_server() -> None:
    assert TimeZone().convert("Mars/X", None, None) == "Mars/X"
