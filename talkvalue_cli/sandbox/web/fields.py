"""Strict reading of requests: what the contract does not name is refused with a 400.

A lenient server would hide a client's mistakes, so unknown names and near-miss types
(a string or a boolean for an integer) are errors here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request

from .problems import Problem, refuse_fields

LARGEST_ID = 2**63 - 1
MAX_JSON_BYTES = 1024 * 1024

View = TypeVar("View", bound=Callable[..., Any])


def accept_query(*names: str, repeatable: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Declare the query parameters of a view; views without the mark accept none.

    repeatable: those that may come more than once.
    """

    def mark(view: View) -> View:
        view.query_names = (*names, *repeatable)  # type: ignore[attr-defined]
        view.repeatable_names = repeatable  # type: ignore[attr-defined]
        return view

    return mark


def check_query() -> None:
    """Refuse unknown and repeated query parameters; runs before each view."""
    if request.endpoint is None:
        return
    view = current_app.view_functions[request.endpoint]
    known = getattr(view, "query_names", ())
    repeatable = getattr(view, "repeatable_names", ())
    errors = []
    for name, values in request.args.lists():
        if name not in known:
            errors.append((name, "unknown query parameter"))
        elif len(values) > 1 and name not in repeatable:
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


def _refuse_constant(text: str) -> object:
    raise ValueError(f"{text} is not JSON")


def read_json_object() -> dict[str, object]:
    """Return the request body, which must be a JSON object sent as application/json."""
    if request.mimetype != "application/json":
        raise Problem(400, "The content type must be application/json.")
    body = request.stream.read(MAX_JSON_BYTES + 1)
    if len(body) > MAX_JSON_BYTES:
        raise Problem(400, f"The body is larger than {MAX_JSON_BYTES} bytes.")
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Problem(400, f"The body is not valid JSON: {error}") from None
    if not isinstance(value, dict):
        raise Problem(400, "The body must be a JSON object.")
    return value


class Fields:
    """Reads the fields of one JSON object and collects what is wrong with them.

    Each `take_*` returns a usable value of its type even after an error, so that all
    errors are reported at once by `finish`, which raises the 400.
    """

    def __init__(
        self,
        source: dict[str, object],
        prefix: str = "",
        errors: list[tuple[str, str]] | None = None,
    ) -> None:
        """`prefix` is put before names in errors; `errors` is shared with nested objects."""
        self._left = dict(source)
        self._prefix = prefix
        self.errors: list[tuple[str, str]] = [] if errors is None else errors

    def refuse(self, name: str, message: str) -> None:
        """Note an error about a field."""
        self.errors.append((self._prefix + name, message))

    def __contains__(self, name: str) -> bool:
        """Return whether a field is there, null included, and was not taken yet."""
        return name in self._left

    def _take(self, name: str, required: bool) -> object:
        if name not in self._left:
            if required:
                self.refuse(name, "is required")
            return None
        value = self._left.pop(name)
        if value is None and required:
            self.refuse(name, "must not be null")
        return value

    def take_text(self, name: str, longest: int) -> str:
        """Return a required string that is not blank."""
        value = self._take(name, required=True)
        if value is None:
            return ""
        text = self._check_text(name, value, longest)
        if text is not None and not text.strip():
            self.refuse(name, "must not be blank")
        return text or ""

    def take_optional_text(self, name: str, longest: int) -> str | None:
        """Return a string, or None when absent or null."""
        value = self._take(name, required=False)
        return None if value is None else self._check_text(name, value, longest)

    def _check_text(self, name: str, value: object, longest: int) -> str | None:
        if not isinstance(value, str):
            self.refuse(name, "must be a string")
            return None
        if len(value) > longest:
            self.refuse(name, f"is longer than {longest} characters")
            return None
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            self.refuse(name, "is not valid Unicode")
            return None
        return value

    def take_int(self, name: str, smallest: int) -> int:
        """Return a required whole number; booleans and floats are refused."""
        value = self._take(name, required=True)
        return smallest if value is None else self._check_int(name, value, smallest)

    def take_optional_id(self, name: str) -> int | None:
        """Return a positive whole number, or None when absent or null."""
        value = self._take(name, required=False)
        return None if value is None else self._check_int(name, value, 1)

    def _check_int(self, name: str, value: object, smallest: int) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse(name, "must be a whole number")
            return smallest
        if not smallest <= value <= LARGEST_ID:
            self.refuse(name, f"must be at least {smallest} and fit in 64 bits")
            return smallest
        return value

    def take_choice(self, name: str, choices: tuple[str, ...]) -> str:
        """Return a required string that is one of `choices`, upper case as on the wire."""
        value = self._take(name, required=True)
        if isinstance(value, str) and value in choices:
            return value
        if value is not None:
            self.refuse(name, f"must be one of {', '.join(choices)}")
        return choices[0]

    def take_objects(self, name: str) -> list[Fields]:
        """Return a required, non-empty list of objects as nested readers."""
        value = self._take(name, required=True)
        if value is None:
            return []
        if not isinstance(value, list):
            self.refuse(name, "must be a list")
            return []
        if not value:
            self.refuse(name, "must not be empty")
        nested = []
        for index, item in enumerate(value):
            label = f"{name}[{index}]"
            if isinstance(item, dict):
                nested.append(Fields(item, f"{self._prefix}{label}.", self.errors))
            else:
                self.refuse(label, "must be an object")
        return nested

    def refuse_unknown(self) -> None:
        """Note an error for each field that nobody took."""
        for name in self._left:
            self.refuse(name, "unknown field")

    def finish(self) -> None:
        """Refuse what is left, then raise the 400 if anything was wrong."""
        self.refuse_unknown()
        if self.errors:
            raise refuse_fields(self.errors)
