"""Responses that are a success: read within bounds, and taken only as strict JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple, NoReturn

import requests

from talkvalue_cli import times
from talkvalue_cli.errors import UnexpectedAnswerError
from talkvalue_cli.transport import deadline, decoding

#: a JSON response may be this large; more is a mistake, and would only fill the memory
LARGEST_JSON = 8 << 20
#: of a response that is an error this much is read
LARGEST_PROBLEM = 1 << 20
CHUNK = 1 << 16
#: from here on JavaScript prints a number with an exponent
LARGEST_PLAIN = 1e21


class JsonResponse(NamedTuple):
    """A JSON response: its value, the server's time, and what was asked, for messages."""

    value: Any
    server_time: datetime | None
    request: str


#: makes a JsonResponse of a response, its body, and what was asked
Reader = Callable[[requests.Response, bytes, str], JsonResponse]


def read_chunks(response: requests.Response) -> Iterator[bytes]:
    """Yield the body as it arrives, unpacked; raise requests.RequestException, TalkValueError."""
    # the libraries would unpack it too, but take what ends too early for the whole
    response.raw.headers.pop("Content-Encoding", None)
    chunks = response.iter_content(CHUNK)
    return decoding.decode(chunks, response.headers.get("Content-Encoding", ""))


def read_at_most(response: requests.Response, limit: int) -> bytes:
    """Return the body; raise UnexpectedAnswerError when it is longer than limit bytes."""
    body = bytearray()
    try:
        for chunk in read_chunks(response):
            deadline.check()
            body += chunk
            if len(body) > limit:
                raise UnexpectedAnswerError(f"the answer is larger than {limit >> 20} MiB")
        return bytes(body)
    finally:
        # an error keeps the variables of its traceback
        body.clear()


def read_json(response: requests.Response, body: bytes, request: str) -> JsonResponse:
    """Return the value of a response; raise UnexpectedAnswerError when it is not strict JSON."""
    try:
        value = json.loads(body, parse_constant=_refuse_constant, parse_float=_read_float)
    except (ValueError, RecursionError) as error:
        kind = response.headers.get("Content-Type", "no content type")
        what = "an empty body" if not body.strip() else f"something that is not JSON ({kind})"
        raise UnexpectedAnswerError(
            f"{request} was answered with {what} (HTTP {response.status_code})", is_transient=True
        ) from error
    return JsonResponse(value, times.parse_http_date(response.headers.get("Date")), request)


def read_confirmation(response: requests.Response, body: bytes, request: str) -> JsonResponse:
    """Return a response that needs no value; raise UnexpectedAnswerError when it confirms nothing.

    A delete that worked is 200 or 204, and nothing or JSON. The page of a
    captive portal is a 200 as well; 202 only promises something.
    """
    if response.status_code not in (200, 204):
        raise UnexpectedAnswerError(
            f"{request} was answered with HTTP {response.status_code}, which confirms nothing",
            is_transient=True,
        )
    if not body.strip():
        return JsonResponse(None, None, request)
    return read_json(response, body, request)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _read_float(text: str) -> float:
    """Return a number; refuse one so large that it would be printed as Infinity.

    A whole one becomes an int: scripts know 1.0 as 1, which is how JavaScript,
    and with it the existing CLI, prints it below 1e21.
    """
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text} is too large")
    return int(number) if number.is_integer() and abs(number) < LARGEST_PLAIN else number
