"""The folder for state, and what is remembered there for a session of a shell."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from talkvalue_cli import files
from talkvalue_cli.errors import LocalFileError

REMINDERS = "reminders"
#: a session that is older may be another one, whose leader got the same number, in seconds
LONGEST_SESSION_S = 12 * 3600.0
#: so many sessions are remembered
MOST_SESSIONS = 50


def find_folder(environ: Mapping[str, str]) -> Path | None:
    """Return the folder for state: `$XDG_STATE_HOME/talkvalue`, else below ~/.local/state.

    XDG Base Directory Specification: a relative XDG_STATE_HOME is ignored. None
    when there is no home either.
    """
    base = environ.get("XDG_STATE_HOME", "")
    if os.path.isabs(base):
        return Path(base, "talkvalue")
    home = environ.get("HOME") or os.path.expanduser("~")
    return Path(home, ".local", "state", "talkvalue") if os.path.isabs(home) else None


def is_first_time(environ: Mapping[str, str], topic: str, now: float) -> bool:
    """Tell whether this session of a shell hears of a topic for the first time, and remember it.

    topic: a word without blanks. now: epoch seconds. True also where nothing
    can be remembered.
    """
    folder = find_folder(environ)
    if folder is None:
        return True
    path, session = folder / REMINDERS, _session()
    recent = [
        (name, each, at) for name, each, at in _read(path) if abs(now - at) < LONGEST_SESSION_S
    ]
    if any((name, each) == (session, topic) for name, each, _ in recent):
        return False
    kept = [*recent, (session, topic, now)][-MOST_SESSIONS:]
    lines = "".join(f"{name} {each} {at:.0f}\n" for name, each, at in kept)
    with suppress(LocalFileError):
        files.write(path, lines.encode())
    return True


def _session() -> str:
    """Return what the commands of one shell have in common, and those of another do not."""
    return str(os.getsid(0) if hasattr(os, "getsid") else os.getppid())


def _read(path: Path) -> list[tuple[str, str, float]]:
    try:
        words = [line.split() for line in path.read_text("utf-8").splitlines()]
        return [(session, topic, float(at)) for session, topic, at in words]
    except (OSError, ValueError):
        return []
