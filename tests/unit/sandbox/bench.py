"""A sandbox without sockets and threads: store, worker and Flask's test client in one place."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import urllib3
from werkzeug.test import Client, TestResponse

from talkvalue_cli.sandbox.app import create_app
from talkvalue_cli.sandbox.faults.faulty_app import FaultyApp
from talkvalue_cli.sandbox.faults.grammar import parse_fault
from talkvalue_cli.sandbox.faults.pace import NO_FAULTS, JobFaults
from talkvalue_cli.sandbox.faults.plan import HttpFaultPlan
from talkvalue_cli.sandbox.imports.worker import ImportWorker
from talkvalue_cli.sandbox.sample import seed
from talkvalue_cli.sandbox.sign_in import accounts
from talkvalue_cli.sandbox.sign_in.devices import DEFAULT_RULES, SignInRules
from tests.fakes import FakeClock
from tests.quick_apps import open_store

TOKEN = "unit-token"
#: 2026-09-21 14:13:20 UTC, after all that the sample data tell of
NOW_S = 1_790_000_000.0
COUNTS = ("newCount", "updatedCount", "duplicatedCount", "skipCount", "failedCount")


class _Patience(threading.Event):
    """Never set; waiting for it takes no time but that of the clock."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self._clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        """Move the clock."""
        self._clock.sleep(timeout or 0.0)
        return False


class Bench:
    """One sandbox on a database in `folder`; `work` runs jobs to their end."""

    def __init__(
        self,
        folder: Path,
        rate: float | None = None,
        faults: JobFaults = NO_FAULTS,
        rules: SignInRules = DEFAULT_RULES,
    ) -> None:
        self.time, self.wall = FakeClock(), FakeClock()
        self.wall.seconds = NOW_S
        self._clocks = {"clock": self.time.now, "wall": self.wall.now}
        self.store = open_store(folder)
        self.worker = ImportWorker(self.store, rate, lambda job_id: faults, **self._clocks)
        tokens = accounts.Tokens({TOKEN: seed.ORGANIZATION_ID})
        self.app = create_app(
            self.store, tokens, self.worker.wake, lambda job_id: faults.silent, rules, self.wall.now
        )
        self.client = self.app.test_client()

    def add_faults(self, *specs: str) -> None:
        """Let faults happen to all further requests; waiting moves the clock."""
        plan = HttpFaultPlan([parse_fault(spec) for spec in specs], 1)
        app = FaultyApp(
            self.app, plan, _Patience(self.time), clock=self.time.now, wall=self.wall.now
        )
        self.client = Client(app)  # type: ignore[assignment]

    def close(self) -> None:
        """Leave the jobs where they are, as when the process ends."""
        self.worker.release()
        self.store.close()

    def send(self, method: str, path: str, *, token: str = TOKEN, **options: Any) -> TestResponse:
        """Send one request with a token."""
        headers = {"Authorization": f"Bearer {token}"}
        return self.client.open(path, method=method, headers=headers, **options)

    def get(self, path: str) -> Any:
        """Return the JSON of a GET."""
        return self.do("GET", path)

    def do(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """Return the JSON of the answer to a request that is fine."""
        answer = self.send(method, path, json=body, **options)
        assert answer.status_code == 200, answer.text
        return answer.json

    def refuse(self, method: str, path: str, **options: Any) -> Any:
        """Return what a 400 says of the fields of a request."""
        answer = self.send(method, path, **options)
        assert answer.status_code == 400, answer.text
        assert answer.json is not None
        return answer.json["errors"]

    def upload(
        self, content: bytes | str, name: str = "people.csv", token: str = TOKEN
    ) -> TestResponse:
        """Send a file to be analyzed."""
        form = {"file": (name, content, "text/csv")}
        data, kind = urllib3.encode_multipart_formdata(form)
        url = "/path/import/analyze"
        return self.send("POST", url, token=token, data=data, content_type=kind)

    def analyze(self, content: bytes | str, token: str = TOKEN) -> Any:
        """Return the analysis of a file that is fine."""
        answer = self.upload(content, token=token)
        assert answer.status_code == 200, answer.text
        return answer.json

    def queue(
        self,
        content: bytes | str,
        targets: Sequence[str] = ("EMAIL",),
        mode: str = "UPDATE",
        channel: int = 4,
    ) -> int:
        """Upload a file, create a job that maps its columns in order, return the job's id."""
        body = describe_job(self.analyze(content)["fileKey"], channel, targets, mode)
        job_id: int = self.do("POST", "/path/import", body)["importJobId"]
        return job_id

    def turn(self, forward_s: float = 0.0) -> float | None:
        """Move the clock and give the worker one turn."""
        self.time.sleep(forward_s)
        return self.worker.run_turn()

    def work(self) -> None:
        """Give the worker turns until nothing is left to do."""
        for _ in range(10_000):
            if self.turn(0.1) is None:
                return
        raise AssertionError("the worker does not come to an end")

    def run(self, content: bytes | str, *job: Any, **more: Any) -> Any:
        """Import a file as `queue` does, and return the finished job."""
        job_id = self.queue(content, *job, **more)
        self.work()
        return self.get(f"/path/import/{job_id}")

    def find_person(self, email: str) -> dict[str, Any] | None:
        """Return a person's row from the database."""
        row = self.store.connect().find("SELECT * FROM people WHERE email_key = ?", email.lower())
        return None if row is None else dict(row)


def describe_job(
    file_key: str, channel: int, targets: Sequence[str] = ("EMAIL",), mode: str = "UPDATE"
) -> dict[str, Any]:
    """Return the body that creates a job, with the first columns mapped to targets."""
    mappings = [{"csvIndex": index, "targetField": each} for index, each in enumerate(targets)]
    return {"fileKey": file_key, "sourceId": channel, "mode": mode, "columnMappings": mappings}


def count(job: Any) -> tuple[int, ...]:
    """Return processedRows, then new, updated, duplicated, skipped, failed."""
    return (job["processedRows"], *(job[name] for name in COUNTS))
