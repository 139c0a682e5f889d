"""A server that goes on answering well for a while, and then fails in one way for ever."""

from __future__ import annotations

import functools
import json
from urllib.parse import parse_qs, urlsplit

from talkvalue_cli.sandbox.openapi import document
from tests.api_calls import Api
from tests.replies import REFUSAL, Reply, Request

#: the page of our releases on a package index, and what stands there
INDEX = "/simple/talkvalue-cli/"
RELEASES = {"files": [{"filename": "talkvalue_cli-99.1-py3-none-any.whl"}]}
CSV = b"rowNum,errorCode,errorMessage\r\n7,BAD_EMAIL,no address\r\n"


@functools.cache
def _describe() -> Api:
    """Return the API as it is described, which takes some time to put together."""
    return Api(document.make_document())


class FaultyApi:
    """Answers as the API is described, but only so many requests; then comes the failure.

    requests: what has arrived.
    """

    def __init__(self) -> None:
        self._api = _describe()
        self.be_good()

    def be_good(self) -> None:
        """Answer everything well from now on, and forget what was asked before."""
        self.fail_after(-1, Reply())

    def fail_after(self, good: int, failure: Reply) -> None:
        """Answer so many requests well from now on, and forget what was asked before."""
        self.requests: list[Request] = []
        self._good, self._failure = good, failure

    def take(self, request: Request) -> Reply:
        """Return the answer to a request."""
        is_good = self._good < 0 or len(self.requests) < self._good
        if is_good or self._failure is not REFUSAL:
            self.requests.append(request)
        return self._answer(request) if is_good else self._failure

    def kind_of(self, request: Request) -> str:
        """Return what a good answer is: json, csv, nothing, or the index of releases."""
        if request.path == INDEX:
            return "index"
        kind = self._answer(request).headers.get("Content-Type", "/nothing")
        return kind.rpartition("/")[2]

    def _answer(self, request: Request) -> Reply:
        path, query = urlsplit(request.path)[2:4]
        if path == INDEX:
            return Reply(RELEASES)
        operation = self._api.find(request.method, path)
        assert operation is not None, f"not in the description: {request.method} {path}"
        status, headers, text = self._api.answer(operation)
        if operation == ("POST", "/path/import"):
            text = json.dumps({**json.loads(text), "status": "PENDING"})
        if operation.path == "/path/import/{id}":
            job_id = int(path.rpartition("/")[2])
            text = json.dumps({**json.loads(text), "id": job_id, "failedCount": 0})
        page = int(parse_qs(query).get("pageNumber", ["1"])[0])
        if page > 1:
            text = _move_ids(text, page - 1)
        is_csv = headers.get("Content-Type") == "text/csv"
        return Reply(CSV if is_csv else text.encode(), status, headers)


def _move_ids(text: str, by: int) -> str:
    """Return a page of a list with other ids: no page is like the one before.

    Behind the last page there is nothing.
    """
    found = json.loads(text)
    if by >= found["totalPages"]:
        return json.dumps({**found, "content": []})
    content = [{**item, "id": item["id"] + by} for item in found["content"]]
    return json.dumps({**found, "content": content})
