"""Rules for single cells, against values written out and against email-validator itself."""

from __future__ import annotations

import pytest
from email_validator import EmailNotValidError, validate_email

from talkvalue_cli.sandbox.imports.validation import RowError, RowValidator, parse_joined_at
from talkvalue_cli.sandbox.people.fields import is_web_address, normalize_email

ADDRESSES = [
    "a@example.com", "A.B+c@EXAMPLE.co.uk", "x_y-z@sub.example.com", "o'neil@example.com",
    "ü@example.com", "a@exämple.de", "a@xn--exmple-cua.de", "a@test", "a@b.test",
    "a@b.invalid", "a@localhost", "a@b.local", "a@1.2.3.4", "a@[1.2.3.4]", "a@example.c",
    ".a@example.com", "a.@example.com", "a..b@example.com", "a@-x.com", "a@x-.com",
    "a@ex_ample.com", "a@example.com.", "a@.com", "a b@example.com", '"a b"@example.com',
    "Ann <a@example.com>", "a@example.123", "a@ab--cd.com", "x" * 64 + "@example.com",
    "x" * 65 + "@example.com", "a@" + "x" * 63 + ".com", "a@" + "x" * 64 + ".com",
    "a@" + "x." * 124 + "com", "@", "", "a", "a@@b.com", "a@b.com\n", "a@\u2024com",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_fast_way_agrees_with_the_library(address: str) -> None:
    expected: str | None
    try:
        expected = validate_email(
            address, check_deliverability=False, test_environment=True
        ).normalized
    except EmailNotValidError:
        expected = None
    assert normalize_email(address) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-04", "2026-03-04T00:00:00Z"),
        ("2026-03-04T05:06:07Z", "2026-03-04T05:06:07Z"),
        ("2026-03-04 05:06", "2026-03-04T05:06:00Z"),
        ("2026-03-04T05:06:07.089+02:00", "2026-03-04T03:06:07Z"),
        ("3/4/2026", "2026-03-04T00:00:00Z"),
        ("4 March 2026", "2026-03-04T00:00:00Z"),
        # one order for every row of a column
        ("13/4/2026", None),
        ("3.4.2026", "2026-04-03T00:00:00Z"),
        ("13.4.2026 10:30", "2026-04-13T10:30:00Z"),
        ("3-4-2026", "2026-04-03T00:00:00Z"),
        ("2026/04/03", "2026-04-03T00:00:00Z"),
        # GMT+2 is ahead of UTC
        ("2026/03/04 7:01:33 PM GMT+2", "2026-03-04T17:01:33Z"),
        ("2026-03-04 10:00 UTC-5", "2026-03-04T15:00:00Z"),
        ("Wed, 4 Mar 2026 10:00:00 +0200", "2026-03-04T08:00:00Z"),
        ("2026-03-04 10:00 GMT", "2026-03-04T10:00:00Z"),
        ("Mar 4 2026 10:00 EST", "2026-03-04T15:00:00Z"),
        ("Mar 4 2026 10:00 XYZ", None),
        ("March 2026", None),
        ("10:30", None),
        ("2026-02-30", None),
        ("never", None),
        ("99999999999999999999", None),
        ("0001-01-01T00:00:00+23:00", None),
    ],
)
def test_dates_must_be_whole(text: str, expected: str | None) -> None:
    assert parse_joined_at(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://www.linkedin.com/in/ann", True),
        ("http://x.com/ann", True),
        ("linkedin.com/in/ann", False),
        ("ftp://x.com/ann", False),
        ("https://", False),
        ("https://localhost", False),
        ("https://x.com/a b", False),
        ("https://[bad", False),
        ("@ann", False),
    ],
)
def test_web_addresses_need_a_scheme_and_a_host(text: str, expected: bool) -> None:
    assert is_web_address(text) is expected


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("FIRST_NAME", "x" * 101, "TOO_LONG"),
        ("ADDRESS", "x" * 501, "TOO_LONG"),
        ("JOINED_AT", "soon", "INVALID_DATE"),
        ("X_URL", "@ann", "INVALID_URL"),
        ("LINKEDIN_URL", "ann", "INVALID_URL"),
    ],
)
def test_each_fault_has_its_code(field: str, text: str, code: str) -> None:
    outcome = RowValidator({"EMAIL": 0, field: 1}, 2).check_row(["a@example.com", text])
    assert isinstance(outcome, RowError)
    assert (outcome.code, outcome.raw_value) == (code, text)


def test_cells_are_trimmed_and_empty_ones_left_out() -> None:
    validator = RowValidator({"EMAIL": 1, "NAME": 0, "PHONE": 2}, 3)
    assert validator.check_row([" Ann ", " A@EXAMPLE.com\t", "  "]) == {
        "EMAIL": "A@example.com",
        "NAME": "Ann",
    }
