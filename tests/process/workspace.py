"""A place to work at: a folder with files and a home of its own, and a sandbox to import into."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.harness import Finished, Running, Sandbox, wait_for


class Workspace:
    """Runs the program in its folder; a sandbox may be shared by several of these.

    Only jobs that were made after the workspace are counted.
    url: of a proxy before the sandbox, if there is one.
    """

    def __init__(
        self, server: Sandbox, folder: Path, source_id: int = 1, url: str | None = None
    ) -> None:
        self.server, self.folder, self.source_id = server, folder, source_id
        self._url = url or server.url
        self._first_id = 1 + max((job["id"] for job in self._list_jobs()), default=0)
        self.people_before = self.people_in_channel

    def environ(self, **more: str) -> dict[str, str]:
        """Return the environment of this workspace."""
        home = str(self.folder / "home")
        return self.server.environ(**{"HOME": home, "TALKVALUE_API_URL": self._url, **more})

    def write(self, name: str, text: str) -> str:
        """Write a file into the folder and return its name."""
        (self.folder / name).write_text(text, encoding="utf-8")
        return name

    def call(self, *args: str, **settings: Any) -> Finished:
        """Run a command to its end."""
        settings.setdefault("environ", self.environ())
        return self.server.run(*args, cwd=self.folder, **settings)

    def run(self, *args: str, **settings: Any) -> Finished:
        """Run `path import run` with these files and flags to its end."""
        return self.call(*self._line(args), **settings)

    def start(self, *args: str, **settings: Any) -> subprocess.Popen[str]:
        """Start `path import run`."""
        settings.setdefault("environ", self.environ())
        return self.server.start(*self._line(args), cwd=self.folder, **settings)

    def watch(self, *args: str, **settings: Any) -> Running:
        """Start `path import run` and read along what it writes to standard error."""
        return Running(self.start(*args, **settings))

    def _line(self, args: tuple[str, ...]) -> tuple[str, ...]:
        source = () if "--source-id" in args else ("--source-id", str(self.source_id))
        return ("path", "import", "run", *args, *source, "--mode", "UPDATE")

    def _list_jobs(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        page = pages = 1
        while page <= pages:
            params = {"pageNumber": page, "pageSize": 100}
            answer = self.server.ask("GET", "/path/import", params=params).json()
            found += answer["content"]
            page, pages = page + 1, answer["totalPages"]
        return found

    @property
    def jobs(self) -> list[dict[str, Any]]:
        """The imports that the server has, oldest first."""
        return [job for job in reversed(self._list_jobs()) if job["id"] >= self._first_id]

    @property
    def people_in_channel(self) -> int:
        """How many people the channel has."""
        channels = self.server.ask("GET", "/path/channel").json()
        [count] = [each["peopleCount"] for each in channels if each["id"] == self.source_id]
        return int(count)

    @property
    def new_people(self) -> int:
        """How many people the channel has won."""
        return self.people_in_channel - self.people_before

    def wait_for_jobs(self, count: int) -> list[dict[str, Any]]:
        """Return the jobs as soon as the server has so many."""
        found: list[dict[str, Any]] = wait_for(
            lambda: jobs if len(jobs := self.jobs) >= count else None, f"{count} jobs"
        )
        return found

    @property
    def state(self) -> Path:
        """The folder of the journal."""
        return self.folder / "home" / ".local" / "state" / "talkvalue"

    @property
    def steps(self) -> list[str]:
        """The steps that the journal has, oldest attempt first."""
        if not (self.state / "journal.db").exists():
            return []
        with closing(sqlite3.connect(self.state / "journal.db", timeout=10)) as database:
            try:
                rows = database.execute("SELECT step FROM attempts ORDER BY id").fetchall()
            except sqlite3.OperationalError:  # opened, but not yet filled
                return []
        return [step for (step,) in rows]

    def wait_for_step(self, step: str) -> None:
        """Wait until the newest attempt has come to a step."""
        wait_for(lambda: self.steps[-1:] == [step], f"the step {step}")
