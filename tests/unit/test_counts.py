"""What may pass for a count."""

from __future__ import annotations

import pytest

from talkvalue_cli.counts import read_count


@pytest.mark.parametrize("value", [0, 7, 2**63 - 1])
def test_a_whole_number_that_a_database_can_hold_is_a_count(value: int) -> None:
    assert read_count(value) == value


@pytest.mark.parametrize("value", [-1, 2**63, 10**400, True, 1.0, "7", None, [7], {}])
def test_anything_else_is_none(value: object) -> None:
    assert read_count(value) is None
