"""Airflow in a home of its own, and tasks that run without a scheduler."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.harness import TOKEN, Sandbox

CONN_ID = "talkvalue_default"
#: what was measured, to be shown in the end
FIGURES: list[str] = []
_HOME = tempfile.TemporaryDirectory(prefix="airflow-")


def pytest_configure() -> None:
    """Give Airflow its home, before a test imports it."""
    os.environ["AIRFLOW_HOME"] = _HOME.name
    os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what was measured."""
    for line in FIGURES:
        terminalreporter.write_line(line)


class Task:
    """What a task sees of its run: `context`, and what it left for others, in `xcoms`."""

    def __init__(self, due_s_ago: float = 0.0) -> None:
        self.xcoms: dict[str, Any] = {}
        due = datetime.now(timezone.utc) - timedelta(seconds=due_s_ago)
        self.context: Any = {"ti": self, "dag_run": SimpleNamespace(run_after=due)}

    def xcom_push(self, key: str, value: Any) -> None:
        """Take what the task gives to others."""
        self.xcoms[key] = value


def describe_connection(url: str, token: str = TOKEN, **extra: str) -> str:
    """Return a connection as an environment variable has it."""
    return json.dumps(
        {"conn_type": "talkvalue", "host": url, "password": token, "extra": json.dumps(extra)}
    )


@pytest.fixture
def connect_to(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that makes the connection one to a server."""

    def connect(url: str, **more: str) -> None:
        value = describe_connection(url, **more)
        monkeypatch.setenv(f"AIRFLOW_CONN_{CONN_ID.upper()}", value)

    return connect


@pytest.fixture
def server(
    start_sandbox: Callable[..., Sandbox], connect_to: Callable[[str], None]
) -> Callable[..., Sandbox]:
    """Return a function that starts a sandbox, to which the connection leads."""

    def start(*options: str) -> Sandbox:
        sandbox = start_sandbox(*options)
        connect_to(sandbox.url)
        return sandbox

    return start


@pytest.fixture(scope="session")
def database() -> Iterator[Path]:
    """Make Airflow's own database, in its home."""
    command = [sys.executable, "-m", "airflow", "db", "migrate"]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    yield Path(_HOME.name)


def count_requests(sandbox: Sandbox, method: str) -> int:
    """Return how many requests about imports the server has answered."""
    counts = sandbox.ask("GET", "/sandbox/requests").json()
    return sum(
        each["count"]
        for each in counts
        if each["method"] == method and (each["path"] or "").startswith("/path/import")
    )
