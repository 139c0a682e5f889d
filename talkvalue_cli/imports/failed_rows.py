"""Saving the failed rows of an import when it has finished."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from talkvalue_cli import files
from talkvalue_cli.api import imports
from talkvalue_cli.errors import (
    Interrupted,
    LocalFileError,
    NoContentError,
    TalkValueError,
    UsageError,
)
from talkvalue_cli.imports import result
from talkvalue_cli.imports.result import ImportResult
from talkvalue_cli.imports.status import may_have_failed_rows

if TYPE_CHECKING:
    from talkvalue_cli.transport.client import Client

#: stands for import-ID-failed.csv in the current folder
DEFAULT_PATH = Path()
#: what a result names as the place of rows that went to a stream
STREAM = Path("-")


class Stream(Protocol):
    """Takes failed rows as they arrive, instead of a file."""

    def write(self, chunk: bytes, /) -> object:
        """Write all of the bytes."""


#: a file; a folder, for import-ID-failed.csv in it; or a stream
Target = Path | Stream


def path_for(job_id: int) -> Path:
    """Return the name of the file that is used where none is given."""
    return Path(f"import-{job_id}-failed.csv")


def check_target(target: Target | None, job_ids: Sequence[int] = (), *, count: int = 1) -> None:
    """Raise UsageError when nothing can ever be saved there; a file that exists is no reason.

    job_ids: the imports whose rows go there, as far as they are known. count: how many they are.
    """
    if not isinstance(target, Path):
        return
    if count > 1 and not target.is_dir():
        raise UsageError(f"{target} is one file for several imports", hint="name a folder")
    try:
        for job_id in job_ids or (0,):
            files.check_target(_find_path(target, job_id))
    except LocalFileError as error:
        raise UsageError(error.message) from error


def _find_path(target: Path, job_id: int) -> Path:
    return target / path_for(job_id) if target.is_dir() else target


def save(
    client: Client, ended: ImportResult, target: Target | None, *, force: bool
) -> ImportResult:
    """Save the failed rows of a finished import that has some; return its result with the place.

    A failure makes a success none, unless it is that there are none; a signal
    makes the outcome INTERRUPTED.
    Raises BrokenPipeError when the reader of the stream went away, and with it
    a success.
    """
    job, job_id = ended.job, ended.job_id
    if target is None or job is None or job_id is None:
        return ended
    if not ended.is_finished or not may_have_failed_rows(job):
        return ended
    try:
        return ended._replace(failed_rows=_save(client, job_id, target, force=force))
    except Interrupted as interrupt:
        stopped = result.interrupted(job_id, job, interrupt, "saving the failed rows")
        return ended._replace(outcome=stopped.outcome, error=stopped.error)
    except BrokenPipeError:
        if ended.is_success:
            raise
        failure: TalkValueError = LocalFileError("cannot write the output: Broken pipe")
    except NoContentError as error:
        return ended._replace(failed_rows_error=error)
    except TalkValueError as error:
        failure = error
    return ended._replace(failed_rows_error=failure, error=ended.error or failure)


def _save(client: Client, job_id: int, target: Target, *, force: bool) -> Path:
    with imports.export_failed_rows(client, job_id) as chunks:
        if not isinstance(target, Path):
            for chunk in chunks:
                target.write(chunk)
            return STREAM
        path = _find_path(target, job_id)
        # an earlier wait for the same import may have saved them
        files.save_stream(chunks, path, force=force, may_be_there=True)
        return path
