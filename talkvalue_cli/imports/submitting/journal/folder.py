"""The folder for state, in which a machine has its own journal."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from talkvalue_cli import state
from talkvalue_cli.errors import LocalFileError

FILE_NAME = "journal.db"
ADVICE = (
    "without it nobody could tell whether a file was imported already; "
    "XDG_STATE_HOME names another folder"
)


def state_dir(environ: Mapping[str, str]) -> Path:
    """Return the folder of the journal, see `state.find_folder`; raise LocalFileError for none."""
    folder = state.find_folder(environ)
    if folder is None:
        raise LocalFileError(
            "there is no folder for the journal: HOME is not set, or no absolute path",
            code="JOURNAL",
            hint=ADVICE,
        )
    return folder


def has_journal(environ: Mapping[str, str]) -> bool:
    """Tell whether this machine has a journal of its own. Raises LocalFileError as `state_dir`."""
    try:
        (state_dir(environ) / FILE_NAME).stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True  # whoever opens it says why nobody can
    return True
