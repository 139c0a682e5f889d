"""The folder for state, in which a machine has its own journal."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from talkvalue_cli.errors import LocalFileError

ADVICE = (
    "without it nobody could tell whether a file was imported already; "
    "XDG_STATE_HOME names another folder"
)


def state_dir(environ: Mapping[str, str]) -> Path:
    """Return the folder for state: `$XDG_STATE_HOME/talkvalue`, else below ~/.local/state.

    XDG Base Directory Specification: a relative XDG_STATE_HOME is ignored.
    Raises LocalFileError when there is no home either.
    """
    base = environ.get("XDG_STATE_HOME", "")
    if os.path.isabs(base):
        return Path(base, "talkvalue")
    home = environ.get("HOME") or os.path.expanduser("~")
    if not os.path.isabs(home):
        raise LocalFileError(
            "there is no folder for the journal: HOME is not set", code="JOURNAL", hint=ADVICE
        )
    return Path(home, ".local", "state", "talkvalue")
