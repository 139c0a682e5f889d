"""A list of imports behind HTTP: pages newest first, single records, and what was asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from urllib.parse import parse_qs, urlsplit

import requests
import responses

API = "https://api.test"
ENVIRON = {"TALKVALUE_TOKEN": "token-of-this-test", "TALKVALUE_API_URL": API}

Reply = tuple[int, dict[str, str], str]


class ImportList:
    """Answers for `GET /path/import` and `GET /path/import/{id}`.

    statuses: what each import is, by id; those that are missing are unknown to the server.
    asked: the requests, as `LIST 1 of 100` and `GET 7`.
    on_request: called with each of them before it is answered.
    faults: what some of them are answered with instead.
    largest_page: the server gives no page that is larger.
    """

    def __init__(self, mock: responses.RequestsMock, job_ids: Iterable[int]) -> None:
        self.statuses = dict.fromkeys(job_ids, "RUNNING")
        self.hidden: set[int] = set()
        self.asked: list[str] = []
        self.on_request: Callable[[str], None] = lambda request: None
        self.faults: dict[str, Reply] = {}
        self.largest_page = 100
        mock.add_callback(
            responses.GET, re.compile(f"{API}/path/import(/[0-9]+)?(\\?.*)?$"), self._answer
        )
        mock.assert_all_requests_are_fired = False

    def _answer(self, request: requests.PreparedRequest) -> Reply:
        url = urlsplit(str(request.url))
        last = url.path.rpartition("/")[2]
        if last == "import":
            query = parse_qs(url.query)
            page, size = int(query["pageNumber"][0]), int(query["pageSize"][0])
            return self._note(f"LIST {page} of {size}") or self._page(page, size)
        return self._note(f"GET {last}") or self._job(int(last))

    def _note(self, request: str) -> Reply | None:
        self.asked.append(request)
        self.on_request(request)
        return self.faults.get(request)

    def _page(self, page: int, size: int) -> Reply:
        size = min(size, self.largest_page)
        shown = sorted(self.statuses.keys() - self.hidden, reverse=True)
        content = [self._record(job_id) for job_id in shown[(page - 1) * size : page * size]]
        numbers = {"pageNumber": page, "pageSize": size, "totalElements": len(shown)}
        pages = -(-len(shown) // size)
        return 200, {}, json.dumps({"content": content, **numbers, "totalPages": pages})

    def _job(self, job_id: int) -> Reply:
        if job_id not in self.statuses:
            return 404, {}, "{}"
        return 200, {}, json.dumps(self._record(job_id))

    def _record(self, job_id: int) -> dict[str, object]:
        counts = {"totalRows": 100, "processedRows": 0, "failedCount": 0}
        return {"id": job_id, "status": self.statuses[job_id], "fileName": "a.csv", **counts}
