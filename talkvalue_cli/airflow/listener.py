"""Progress in the log of a task."""

from __future__ import annotations

from typing import Any

from talkvalue_cli import imports
from talkvalue_cli.errors import TalkValueError


class TaskLog(imports.SilentListener):
    """Writes what happens to a logger: each status, and each tenth of the rows."""

    def __init__(self, log: Any) -> None:
        self._log = log
        self._told: tuple[str | None, int] = (None, 0)

    def polled(self, history: imports.JobHistory) -> None:
        """Tell a status or a tenth that is new."""
        tenth = 10 * history.processed_rows // max(1, history.total_rows)
        if (history.status, tenth) != self._told:
            self._told = (history.status, tenth)
            self._log.info(
                "Import %s is %s: %s of %s rows, %s failed",
                history.job_id,
                history.status,
                history.processed_rows,
                history.total_rows,
                history.failed_rows,
            )

    def poll_failed(self, job_id: int, error: TalkValueError, retry_in_s: float) -> None:
        """Tell what went wrong."""
        self._log.warning("Import %s: %s; polls again in %.0f s", job_id, error.text, retry_in_s)

    def note(self, text: str) -> None:
        """Tell it."""
        self._log.info(text)

    def warn(self, text: str) -> None:
        """Tell it as a warning."""
        self._log.warning(text)
