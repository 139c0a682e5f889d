"""What travels on the wire, keys spelled as the server spells them.

Every shape may hold more keys than are named here: the server adds some
between releases, and they are passed on as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, TypedDict

from talkvalue_cli.errors import UnexpectedAnswerError


class FailedRow(TypedDict, total=False):
    """One rejected row in the sample that a job carries."""

    rowNum: int
    errorCode: str | None
    errorMessage: str | None
    rawValue: str | None


class ImportJob(TypedDict, total=False):
    """`GET /path/import/{id}`; also the items of `GET /path/import`."""

    id: int
    status: str
    mode: str
    fileName: str
    totalRows: int
    processedRows: int
    newCount: int
    updatedCount: int
    duplicatedCount: int
    skipCount: int
    failedCount: int
    failedRows: list[FailedRow]
    processStartedAt: str | None
    completedAt: str | None


class CreatedImport(TypedDict, total=False):
    """Answer of `POST /path/import`."""

    importJobId: int
    status: str


class ColumnMapping(TypedDict):
    """Which column, counted from 0, goes to which field."""

    csvIndex: int
    targetField: str


class Analysis(TypedDict, total=False):
    """Answer of `POST /path/import/analyze`."""

    fileKey: str
    totalRows: int
    headers: list[str]
    preview: list[list[str]]
    columnMappings: list[dict[str, Any]]
    missingRequired: list[str]


class Tag(TypedDict, total=False):
    """An item of `GET /path/tag`."""

    id: int
    name: str


class Channel(TypedDict, total=False):
    """An item of `GET /path/channel`."""

    id: int
    name: str
    icon: str | None
    color: str | None
    peopleCount: int
    tags: list[Tag]
    createdAt: str


class Organization(TypedDict):
    """An item of `GET /auth/organization`."""

    id: str
    name: str


class AccountOverview(TypedDict, total=False):
    """Answer of `GET /auth/overview`."""

    teamMemberCount: int
    memberFirstName: str | None


class Event(TypedDict, total=False):
    """An item of `GET /path/event`."""

    id: int
    name: str
    timeZone: str
    startAt: str
    endAt: str | None
    location: str | None
    peopleCount: int
    tags: list[Tag]
    createdAt: str


class Company(TypedDict, total=False):
    """`GET /path/company/{id}`; also the items of `GET /path/company`."""

    id: int
    domain: str
    displayName: str
    peopleCount: int | None


class Page(NamedTuple):
    """One page of a list; numbers count from 1."""

    items: list[Any]
    number: int
    size: int
    total_elements: int
    total_pages: int


def check_object(value: Any, request: str, **required: type) -> Any:
    """Return value if it is a JSON object that has the required keys with those types.

    Raises UnexpectedAnswerError, which names the request and what is wrong: a
    proxy's page or another service's answer must not pass for a record. The
    error counts as transient, because a wait should outlive such an answer.
    """
    if not isinstance(value, dict):
        raise _unexpected(request, f"{_name_type(value)} instead of an object")
    for key, wanted in required.items():
        found = value.get(key)
        # bool is an int in Python, but not in JSON
        if not isinstance(found, wanted) or (wanted is int and isinstance(found, bool)):
            raise _unexpected(request, f"no usable {key!r}")
    return value


def check_list(value: Any, request: str, **required: type) -> list[Any]:
    """Return value if it is a JSON array of objects with the required keys."""
    if not isinstance(value, list):
        raise _unexpected(request, f"{_name_type(value)} instead of a list")
    return [check_object(item, request, **required) for item in value]


def check_page(value: Any, request: str, **required: type) -> Page:
    """Return value as a Page of objects with the required keys."""
    numbers = ("pageNumber", "pageSize", "totalElements", "totalPages")
    check_object(value, request, content=list, **dict.fromkeys(numbers, int))
    items = check_list(value["content"], request, **required)
    return Page(items, *(value[key] for key in numbers))


def check_counts(record: dict[str, Any], request: str, keys: Iterable[str]) -> None:
    """Raise UnexpectedAnswerError unless each of the keys is absent or a number ≥ 0."""
    for key in keys:
        count = record.get(key, 0)
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            raise _unexpected(request, f"no usable {key!r}")


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
