"""Query parameters, read as strictly as bodies: each view declares its own."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from flask import current_app, request

from .problems import refuse_fields

LARGEST_ID = 2**63 - 1
DEFAULT_PAGE_SIZE = 20
LARGEST_PAGE_SIZE = 100
MAX_TEXT = 500
MAX_REPEATS = 100
PAGE = ("pageNumber", "pageSize")
#: parameters that may come more than once
REPEATABLE = ("channelId", "channelIds", "eventId", "eventIds", "sort")

View = TypeVar("View", bound=Callable[..., Any])


class Page(NamedTuple):
    """Which stretch of a list was asked for; numbers begin with 1."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        """How many items come before this page."""
        return min((self.number - 1) * self.size, 2**62)

    def fetch(
        self,
        connection: sqlite3.Connection,
        columns: str,
        source: str,
        order: str,
        values: Sequence[object],
    ) -> tuple[list[sqlite3.Row], int]:
        """Return the rows of this page, and the number of rows on all pages."""
        total: int = connection.execute(f"SELECT COUNT(*) FROM {source}", values).fetchone()[0]
        rows = connection.execute(
            f"SELECT {columns} FROM {source} ORDER BY {order} LIMIT ? OFFSET ?",
            (*values, self.size, self.offset),
        )
        return rows.fetchall(), total

    def describe(self, content: list[dict[str, Any]], total: int) -> dict[str, Any]:
        """Return the page as it travels; total: items on all pages."""
        return {
            "content": content,
            "totalElements": total,
            "totalPages": -(-total // self.size),
            "pageNumber": self.number,
            "pageSize": self.size,
        }


def accept_query(*names: str) -> Callable[[View], View]:
    """Declare the query parameters of a view; views without the mark accept none."""

    def mark(view: View) -> View:
        view.query_names = names  # type: ignore[attr-defined]
        return view

    return mark


def check_query() -> None:
    """Refuse unknown and repeated query parameters; runs before each view."""
    if request.endpoint is None:
        return
    view = current_app.view_functions[request.endpoint]
    known = getattr(view, "query_names", ())
    errors = []
    for name, values in request.args.lists():
        if name not in known:
            errors.append((name, "unknown query parameter"))
        elif len(values) > 1 and name not in REPEATABLE:
            errors.append((name, "given more than once"))
    if errors:
        raise refuse_fields(errors)


def read_query_int(name: str, default: int, largest: int = LARGEST_ID) -> int:
    """Return a query parameter as a whole number from 1 to `largest`."""
    text = request.args.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"[1-9][0-9]{0,18}", text) or int(text) > largest:
        limit = "a positive whole number" if largest == LARGEST_ID else f"between 1 and {largest}"
        raise refuse_fields([(name, f"must be {limit}")])
    return int(text)


def read_page() -> Page:
    """Return the page that the query asks for."""
    return Page(read_query_int("pageNumber", 1), read_page_size())


def read_page_size() -> int:
    """Return how many items the query asks for."""
    return read_query_int("pageSize", DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE)


def read_text(name: str) -> str | None:
    """Return a query parameter as text; None when it is absent or blank."""
    text = request.args.get(name, "").strip()
    if len(text) > MAX_TEXT:
        raise refuse_fields([(name, f"is longer than {MAX_TEXT} characters")])
    return text or None


def read_texts(name: str, pattern: str, hint: str) -> list[str]:
    """Return all values of a repeatable parameter, each of which matches `pattern`."""
    values = request.args.getlist(name)
    if len(values) > MAX_REPEATS:
        raise refuse_fields([(name, f"is given more than {MAX_REPEATS} times")])
    if not all(re.fullmatch(pattern, value) for value in values):
        raise refuse_fields([(name, f"must be {hint}")])
    return values


def read_ids(name: str) -> list[int]:
    """Return all values of a repeatable parameter as ids."""
    hint = "a positive whole number"
    numbers = [int(value) for value in read_texts(name, r"[1-9][0-9]{0,18}", hint)]
    if any(number > LARGEST_ID for number in numbers):
        raise refuse_fields([(name, f"must be {hint}")])
    return numbers


def read_id(name: str) -> int | None:
    """Return a parameter as an id, None when it is absent."""
    return read_query_int(name, 0) or None


def make_pattern(text: str) -> str:
    r"""Return the LIKE pattern of what contains `text`; to be used with ESCAPE '\'."""
    for special in "\\%_":
        text = text.replace(special, "\\" + special)
    return f"%{text}%"
