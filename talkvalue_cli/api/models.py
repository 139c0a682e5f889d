"""What the client reads of the server's answers, and whether an answer may pass for such a thing.

Keys are spelled as on the wire. A shape names those that are read here: records hold more, the
server adds some between releases, and all of it is passed on as it came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from talkvalue_cli.errors import NotFoundError, UnexpectedAnswerError

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.responses import JsonResponse

#: what a column may be mapped to
TARGET_FIELDS = (
    "EMAIL",
    "FIRST_NAME",
    "LAST_NAME",
    "NAME",
    "PHONE",
    "JOB_TITLE",
    "COMPANY_NAME",
    "ADDRESS",
    "LINKEDIN_URL",
    "X_URL",
    "JOINED_AT",
)

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
    """One page of a list; numbers count from 1."""

    items: list[Any]
    number: int
    size: int
    total_elements: int
    total_pages: int


def read_object(answer: JsonResponse, **required: type) -> Record:
    """Return a JSON object that has the required keys with those types.

    Raises UnexpectedAnswerError, which names the request and what is wrong: a
    proxy's page or another service's answer must not pass for a record. The
    error counts as transient, because a wait should outlive such an answer.
    """
    return _check(answer.value, answer.request, required)


def read_list(answer: JsonResponse, **required: type) -> list[Any]:
    """Return a JSON array of objects with the required keys, see `read_object`."""
    if not isinstance(answer.value, list):
        raise _unexpected(answer.request, f"{_name_type(answer.value)} instead of a list")
    return [_check(item, answer.request, required) for item in answer.value]


def read_page(answer: JsonResponse, **required: type) -> Page:
    """Return a page of objects with the required keys, see `read_object`."""
    numbers = ("pageNumber", "pageSize", "totalElements", "totalPages")
    found = read_object(answer, content=list, **dict.fromkeys(numbers, int))
    items = read_list(answer._replace(value=found["content"]), **required)
    return Page(items, *(found[key] for key in numbers))


def check_counts(record: Mapping[str, Any], request: str, keys: Iterable[str]) -> None:
    """Raise UnexpectedAnswerError unless each of the keys is absent or a number ≥ 0."""
    for key in keys:
        count = record.get(key, 0)
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            raise _unexpected(request, f"no usable {key!r}")


def find_record(records: Sequence[Record], kind: str, record_id: int) -> Record:
    """Return one of a list, where the API has no endpoint for a single one.

    Raises NotFoundError for an id that is not in the list.
    """
    for record in records:
        if record["id"] == record_id:
            return record
    raise NotFoundError(
        f"{kind} {record_id} does not exist", hint=f"talkvalue path {kind} list shows the ids"
    )


def _check(value: Any, request: str, required: Mapping[str, type]) -> Record:
    if not isinstance(value, dict):
        raise _unexpected(request, f"{_name_type(value)} instead of an object")
    for key, wanted in required.items():
        found = value.get(key)
        # bool is an int in Python, but not in JSON
        if not isinstance(found, wanted) or (wanted is int and isinstance(found, bool)):
            raise _unexpected(request, f"no usable {key!r}")
    return value


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
