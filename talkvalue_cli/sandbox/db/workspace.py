"""Where the data lives: a folder that goes away at exit, or a database file that stays."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import IO, Any

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows: no flock, and nothing else there survives kill -9 as cleanly
    fcntl = None


class WorkspaceInUseError(Exception):
    """Another sandbox process works on the same database."""


class Workspace:
    """The database path, the folder of staged uploads, and the lock on both."""

    def __init__(self, database: Path | None) -> None:
        """Create the folders and take the lock; None means a temporary folder.

        Raises WorkspaceInUseError, or OSError for a place where no database can be.
        """
        self.temporary: Path | None = None
        self._lock: IO[str] | None = None
        if database is None:
            self.temporary = Path(tempfile.mkdtemp(prefix="talkvalue-sandbox-"))
            database = self.temporary / "sandbox.db"
        elif database.is_dir():
            raise IsADirectoryError(f"{database} is a folder")
        elif not database.parent.is_dir():
            raise FileNotFoundError(f"there is no folder {database.parent}")
        self.database = database
        self.files = database.with_name(database.name + "-files")
        self.files.mkdir(exist_ok=True)
        self._take_lock()
        for unfinished in self.files.glob("*.part"):
            unfinished.unlink()

    def _take_lock(self) -> None:
        # The kernel drops a flock with the process, so that it cannot go stale.
        self._lock = (self.files / "lock").open("w", encoding="ascii")
        if fcntl is None:
            return
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise WorkspaceInUseError(f"{self.database} is in use by another sandbox") from None

    def close(self) -> None:
        """Give up the lock and remove what was temporary."""
        if self._lock is not None:
            self._lock.close()
        if self.temporary is not None:
            shutil.rmtree(self.temporary, ignore_errors=True)
