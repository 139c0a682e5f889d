"""The order of day, month and year, by the whole column."""

from __future__ import annotations

import pytest

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.file.date_order import OrderFinder, find_language_order


def find(*cells: str, language_order: str | None = None) -> str | None:
    finder = OrderFinder()
    finder.add(cells)
    found = finder.find("contacts.csv: column 'Joined'", language_order)
    return found.order if found else None


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["31/12/2025", "04/03/2026", "02/01/2026"], "dmy"),
        (["04/03/2026", "02/01/2026", "31/12/2025"], "dmy"),
        (["12/31/2025", "03/04/2026", "1/2/26"], "mdy"),
        (["31-12-2025", "04-03-2026"], "dmy"),
        (["12/31/2025 11:59 PM", "03/04/2026 7:01:33 PM"], "mdy"),
        (["Wed, 31/12/2025 19:01", "02/01/2026"], "dmy"),
        (["19:01 31/12/2025", "7:01 pm 02/01/2026"], "dmy"),
        (["04.03.2026", "02.01.2026"], "dmy"),
        (["4. 3. 2026", "2. 1. 2026"], "dmy"),
        (["12.31.2025", "01.02.2026"], "mdy"),
        # nobody joins on the same day of three months, unless it is the first
        (["10/03/2026 19:01:33", "11/03/2026 19:01:33", "12/03/2026 19:01:33"], "dmy"),
        (["03/10/2026", "03/11/2026", "03/12/2026"], "mdy"),
        (["10-3-2026", "11-3-2026", "12-3-2026"], "dmy"),
        (["99/03/04", "02/01/05"], "ymd"),
        # nobody joins on the same day of three years
        (["26.3.10", "26.3.11", "26.3.12"], "ymd"),
        (["26/03/10", "26/03/11", "26/03/28"], "ymd"),
        (["15/03/24", "15/04/25", "15/05/26"], "dmy"),
        (["10.3.26", "11.3.26", "12.3.26"], "dmy"),
        (["31/12/25", "30/12/25", "02/01/26"], "dmy"),
        (["1/2/26", "12/31/25", "11/30/25", "3/3/26"], "mdy"),
    ],
)
def test_the_column_shows_its_order(cells: list[str], order: str) -> None:
    assert find(*cells) == order


@pytest.mark.parametrize(
    "cells",
    [
        [],
        ["", "n/a", "Ada"],
        ["2026-03-04", "2026/03/04", "2026. 3. 4"],
        ["R8.3.4", "H30/3/4"],
        ["4 Mar 2026"],
        ["1772650893"],
        ["03/03/2026", "4/4/2026"],
    ],
)
def test_nothing_depends_on_an_order(cells: list[str]) -> None:
    assert find(*cells) is None


@pytest.mark.parametrize(
    "cells",
    [
        ["03/04/2026"],
        ["03/04/2026", "05/06/2026", "01/02/2026"],
        ["01/02/2026", "01/02/2026"],
        ["10/03/2026", "11/03/2026"],
        # the first of each month, or the first days of January
        ["02/01/2026", "03/01/2026", "04/01/2026"],
        ["3-4-2026 7:01", "2026-03-04"],
    ],
)
def test_what_no_row_shows_is_refused(cells: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        find(*cells)
    assert caught.value.remedy == ("date_order", "dmy")
    assert caught.value.message.startswith("contacts.csv: column 'Joined': nothing shows whether ")


def test_rows_that_contradict_each_other_are_named() -> None:
    with pytest.raises(UsageError) as caught:
        find("31/12/2025", "12/31/2025")
    assert caught.value.message == (
        "contacts.csv: column 'Joined': its dates are in different orders: "
        "12/31/2025 and 31/12/2025"
    )
    assert caught.value.remedy == ("date_order", "mdy")


def test_the_language_of_the_headers_decides_what_the_column_leaves_open() -> None:
    assert find("03/04/2026", language_order="dmy") == "dmy"
    assert find("12/31/2026", language_order="dmy") == "mdy"


def test_the_language_says_nothing_where_it_depends_on_the_country() -> None:
    assert find_language_order(["de", "en"]) == "dmy"
    assert find_language_order(["en", "de"]) is None
    assert find_language_order([]) is None


def test_all_of_a_long_column_counts() -> None:
    finder = OrderFinder()
    for _ in range(300):
        finder.add([f"{day:02}/{month:02}/2025" for day in range(1, 13) for month in range(1, 13)])
    finder.add(["01/02/2025", "13/02/2025"])
    found = finder.find("contacts.csv")
    assert found is not None
    assert (found.order, found.why) == ("dmy", "13/02/2025 shows it")
