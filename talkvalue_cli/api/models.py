"""What the client reads of the server's answers, and whether an answer may pass for such a thing.

Keys are spelled as on the wire. A shape names those that are read here: records hold more, the
server adds some between releases, and all of it is passed on as it came.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from talkvalue_cli.counts import read_count
from talkvalue_cli.errors import NotFoundError, UnexpectedAnswerError

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.responses import JsonResponse

#: what a column may be mapped to
TARGET_FIELDS = (
    "EMAIL", "FIRST_NAME", "LAST_NAME", "NAME", "PHONE", "JOB_TITLE", "COMPANY_NAME", "ADDRESS",
    "LINKEDIN_URL", "X_URL", "JOINED_AT",
)  # fmt: skip

#: halves of characters, which nothing but JSON can hold
_SURROGATES = re.compile("[\ud800-\udfff]")

#: a JSON object, whole
Record = dict[str, Any]


class CreatedImport(TypedDict, total=False):
    """JsonResponse of `POST /path/import`."""

    importJobId: int
    status: str


class ColumnMapping(TypedDict):
    """Which column, counted from 0, goes to which field."""

    csvIndex: int
    targetField: str


class Analysis(TypedDict, total=False):
    """JsonResponse of `POST /path/import/analyze`."""

    fileKey: str
    headers: list[str]
    columnMappings: list[dict[str, Any]]
    missingRequired: list[str]


class Organization(TypedDict):
    """An item of `GET /auth/organization`."""

    id: str
    name: str


class Page(NamedTuple):
    """One page of a list; its numbers count from 1, and are as they came: they may be anything."""

    items: list[Any]
    number: Any
    size: Any
    total_elements: Any
    total_pages: Any


def read_object(answer: JsonResponse, **required: type) -> Record:
    """Return a JSON object that has the required keys with those types.

    Required is what something is decided on; what is only shown may be anything.
    An `int` is what `counts.read_count` takes for one, a `str` is not empty, and
    an `object` may be null, but is there.

    Raises UnexpectedAnswerError, which names the request and what is wrong: a
    proxy's page or another service's answer must not pass for a record. The
    error counts as transient, because a wait should outlive such an answer.
    """
    return check(answer.value, answer.request, **required)


def read_list(answer: JsonResponse, **required: type) -> list[Any]:
    """Return a JSON array of objects with the required keys, see `read_object`."""
    if not isinstance(answer.value, list):
        raise _unexpected(answer.request, f"{_name_type(answer.value)} instead of a list")
    return [check(item, answer.request, **required) for item in answer.value]


def read_page(answer: JsonResponse, **required: type) -> Page:
    """Return a page of objects with the required keys, see `read_object`."""
    found = read_object(answer, content=list)
    items = read_list(answer._replace(value=found["content"]), **required)
    numbers = ("pageNumber", "pageSize", "totalElements", "totalPages")
    return Page(items, *map(found.get, numbers))


def find_record(records: Sequence[Record], kind: str, record_id: int) -> Record:
    """Return one of a list, where the API has no endpoint for a single one.

    Raises NotFoundError for an id that is not in the list.
    """
    for record in records:
        if record["id"] == record_id:
            return record
    raise NotFoundError(
        f"{kind.capitalize()} {record_id} not found",
        hint=f"talkvalue path {kind} list shows the ids",
    )


def check(value: Any, request: str, **required: type) -> Record:
    """Return a value that is an object with the required keys; request: what it was the answer to.

    Raises UnexpectedAnswerError, see `read_object`.
    """
    if not isinstance(value, dict):
        raise _unexpected(request, f"{_name_type(value)} instead of an object")
    for key, wanted in required.items():
        if key not in value or not _is_usable(value[key], wanted):
            raise unusable(request, key)
    return value


def _is_usable(value: Any, wanted: type) -> bool:
    if wanted is int:
        return read_count(value) is not None
    if wanted is str:
        return isinstance(value, str) and bool(value) and not _SURROGATES.search(value)
    return isinstance(value, wanted)


def unusable(request: str, key: str) -> UnexpectedAnswerError:
    """Return the error for an answer in which a key is missing, or not what it should be."""
    return _unexpected(request, f"no usable {key!r}")


def _unexpected(request: str, what: str) -> UnexpectedAnswerError:
    return UnexpectedAnswerError(
        f"{request} was answered with {what}",
        hint="is the API URL the one of a TalkValue server?",
        is_transient=True,
    )


def _name_type(value: Any) -> str:
    return _TYPE_NAMES.get(type(value), "a number")


_TYPE_NAMES = {
    list: "a list",
    dict: "an object",
    str: "text",
    bool: "a truth value",
    type(None): "null",
}
