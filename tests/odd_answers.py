"""Good answers in which one value was replaced by another, for every request of a command."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tests.faulty_api import FaultyApi
from tests.replies import Reply, Request

#: where a value stands: keys of objects and places in lists
Path = tuple[str | int, ...]

#: what a value is replaced by
ODDITIES: dict[str, Any] = {
    "null": None,
    "true": True,
    "empty": "",
    "text": "odd",
    "controls": "\x1b]0;odd\x07\u202e\r\n",
    "half a surrogate": "\ud800",
    "long": "odd " * 5000,
    "negative": -1,
    "fraction": 0.5,
    "2^63": 2**63,
    "10^400": 10**400,
    "no items": [],
    "list": [None, "odd", 7, {}],
    "no members": {},
    "nested": {"id": {"id": [[{"id": None}]]}, "name": ["odd"]},
}
#: a problem document with everything that one may have
PROBLEM = {
    "type": "about:blank",
    "title": "Unprocessable",
    "status": 422,
    "detail": "Makes no sense",
    "errorCode": 7,
    "messageKey": "odd.sense",
    "errors": [{"field": "email", "message": "is no address"}],
}
#: stands for a token with these claims; what is sent is one text
_CLAIMS = "claims of a token"
#: what a job has counted at each poll; those behind the last are like it
_POLLS = (("PENDING", 0), ("RUNNING", 3), ("RUNNING", 6), ("PARTIAL_SUCCESS", 10))
_ROW = {"rowNum": 2, "errorCode": "BAD", "errorMessage": "no address", "rawValue": "x"}
#: of the file that the failure matrix imports
_ANALYSIS = {
    "headers": ["Email"],
    "preview": [["a@example.org"]],
    "columnMappings": [
        {
            "csvIndex": 0,
            "csvHeader": "Email",
            "suggestedField": "EMAIL",
            "confidence": 0.9,
            "suggestions": [{"field": "EMAIL", "confidence": 0.9}],
        }
    ],
    "missingRequired": ["EMAIL"],
}
_TOKENS = {
    "access_token": {_CLAIMS: {"exp": 4_000_000_000, "iat": 1_700_000_000, "org_id": "x"}},
    "refresh_token": "refresh",
    "id_token": {_CLAIMS: {"email": "ada@example.com"}},
    "expires_in": 300,
    "token_type": "Bearer",
    "user": {"email": "ada@example.com", "id": "user"},
    "organization_id": "x",
}
_GRANT = {
    "device_code": "device-code",
    "user_code": "ABCD-EFGH",
    "verification_uri": "https://example.com/device",
    "verification_uri_complete": "https://example.com/device?user_code=ABCD-EFGH",
    "expires_in": 300,
    "interval": 5,
}
_SIGN_IN = {
    "/user_management/authorize/device": _GRANT,
    "/user_management/authenticate": _TOKENS,
}


class Oddity(NamedTuple):
    """One value of one answer, and what it is replaced by.

    number: which request it is, from 0. stays: all later answers to the same have it too.
    """

    number: int
    path: Path
    name: str
    stays: bool

    @property
    def value(self) -> Any:
        """What stands there instead."""
        return ODDITIES[self.name]

    @property
    def field(self) -> str:
        """The key that the value belongs to, empty for a whole answer."""
        return next((key for key in reversed(self.path) if isinstance(key, str)), "")

    def apply(self, value: Any) -> Any:
        """Return an answer with the other value in its place, if it has that place."""
        if not self.path:
            return self.value
        found = changed = copy.deepcopy(value)
        try:
            for key in self.path[:-1]:
                found = found[key]
            found[self.path[-1]]
            found[self.path[-1]] = self.value
        except (KeyError, IndexError, TypeError):
            return value
        return changed


class Answer(NamedTuple):
    """What a request was answered."""

    request: Request
    status: int
    value: Any


class OddApi:
    """Answers as the API is described, but one of the answers has an odd value in it.

    The imports 7 and 8 come to their end poll by poll; some of their rows have failed.
    answers: what was answered with JSON, by the number of the request.
    refuses_from: from this request on everything is refused with PROBLEM.
    has_replaced: the odd value has been put into an answer.
    """

    has_replaced = False

    def __init__(self, oddity: Oddity | None = None, *, refuses_from: int | None = None) -> None:
        self._api, self._oddity, self._refuses_from = FaultyApi(), oddity, refuses_from
        self._polls: dict[str, int] = {}
        self.answers: dict[int, Answer] = {}
        self.requests: list[Request] = []

    def take(self, request: Request) -> Reply:
        """Return the answer to a request."""
        number = len(self.requests)
        self.requests.append(request)
        reply = self._answer(request, number)
        if reply.headers.get("Content-Type", "application/json").endswith("csv") or not reply.body:
            return reply
        value = reply.body if not isinstance(reply.body, bytes) else json.loads(reply.body)
        self.answers[number] = Answer(request, reply.status, value)
        if self._is_meant(number):
            assert self._oddity is not None
            odd = self._oddity.apply(value)
            self.has_replaced |= odd is not value
            value = odd
        headers = {"Content-Type": "application/json"}
        return Reply(json.dumps(_seal(value)).encode(), reply.status, headers)

    def _is_meant(self, number: int) -> bool:
        odd = self._oddity
        if odd is None or number < odd.number:
            return False
        if number == odd.number:
            return True
        return odd.stays and _kind(self.requests[number]) == _kind(self.requests[odd.number])

    def _answer(self, request: Request, number: int) -> Reply:
        if self._refuses_from is not None and number >= self._refuses_from:
            return Reply(PROBLEM, 422)
        path = urlsplit(request.path).path
        if path in _SIGN_IN:
            return Reply(_SIGN_IN[path])
        reply = self._api.take(request)
        if path == "/path/import/analyze":
            return Reply({**json.loads(reply.body), **_ANALYSIS})
        if request.method != "GET" or not path.startswith("/path/import"):
            return reply
        if path == "/path/import":
            page = json.loads(reply.body)
            if "pageNumber=" in request.path and "pageNumber=1&" not in f"{request.path}&":
                return Reply({**page, "content": []})
            [job] = page["content"]
            page["content"] = [self._poll({**job, "id": job_id}, path) for job_id in (8, 7)]
            self._polls[path] = self._polls.get(path, 0) + 1
            return Reply({**page, "pageNumber": 1, "totalPages": 1, "totalElements": 2})
        if path.rpartition("/")[2].isdigit():
            job = self._poll(json.loads(reply.body), path)
            self._polls[path] = self._polls.get(path, 0) + 1
            return Reply(job)
        return reply

    def _poll(self, job: dict[str, Any], path: str) -> dict[str, Any]:
        polls = self._polls.get(path, 0)
        status, processed = _POLLS[min(polls, len(_POLLS) - 1)]
        is_over = processed == 10
        failed = 2 if is_over else 0
        return {
            **job,
            "status": status,
            "totalRows": 10,
            "processedRows": processed,
            "failedCount": failed,
            "failedRows": [_ROW] * failed,
            "completedAt": job["completedAt"] if is_over else None,
        }


def list_paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield where values stand in an answer; of a list the first item."""
    yield path
    if isinstance(value, dict):
        for key, member in value.items():
            yield from list_paths(member, (*path, key))
    elif isinstance(value, list) and value:
        yield from list_paths(value[0], (*path, 0))


def list_oddities(answers: dict[int, Answer]) -> list[Oddity]:
    """Return every value of every answer with everything that it is replaced by.

    Of a long list the first two pages stand for all.
    """
    kinds = [_kind(answer.request) for answer in answers.values()]
    places = [
        (number, path)
        for turn, (number, answer) in enumerate(answers.items())
        if kinds[:turn].count(kinds[turn]) < 2 or "/import" in kinds[turn][1]
        for path in list_paths(answer.value)
    ]
    return [
        Oddity(number, path, name, stays=(turn + place) % 2 == 0)
        for place, (number, path) in enumerate(places)
        for turn, name in enumerate(ODDITIES)
    ]


def holds(value: Any, wanted: Any) -> bool:
    """Tell whether a JSON value is, or has somewhere in it, the wanted one, or more than that."""
    if _covers(value, wanted):
        return True
    if isinstance(value, dict):
        value = list(value.values())
    return isinstance(value, list) and any(holds(member, wanted) for member in value)


def _covers(value: Any, wanted: Any) -> bool:
    """Tell whether a value is the wanted one; objects may have further members."""
    if isinstance(wanted, dict) and isinstance(value, dict):
        return all(key in value and _covers(value[key], wanted[key]) for key in wanted)
    if isinstance(wanted, list) and isinstance(value, list):
        return len(value) == len(wanted) and all(map(_covers, value, wanted))
    return type(value) is type(wanted) and bool(value == wanted)


def _kind(request: Request) -> tuple[str, str]:
    return request.method, urlsplit(request.path).path


def _seal(value: Any) -> Any:
    """Return an answer as it is sent: claims become tokens."""
    if isinstance(value, dict):
        if list(value) == [_CLAIMS]:
            claims = base64.urlsafe_b64encode(json.dumps(value[_CLAIMS]).encode())
            return f"head.{claims.decode().rstrip('=')}.signature"
        return {key: _seal(member) for key, member in value.items()}
    return [_seal(item) for item in value] if isinstance(value, list) else value
