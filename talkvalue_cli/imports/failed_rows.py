"""Saving the rejected rows of an import when a wait ends."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from talkvalue_cli.api import imports
from talkvalue_cli.commands.path.import_.wait_options import STDOUT, WaitOptions
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import LocalFileError, TalkValueError, UsageError
from talkvalue_cli.imports.status import Record, is_finished
from talkvalue_cli.output import files

#: what --failed-rows without a path is parsed to: the current folder
DEFAULT_PATH = Path("")


class Saved(NamedTuple):
    """Where rejected rows were saved, or why they were not; both None when there was nothing."""

    path: Path | None = None
    error: TalkValueError | None = None


def path_for(job_id: int) -> Path:
    """Return the file that --failed-rows without a path writes."""
    return Path(f"import-{job_id}-failed.csv")


def check_target(options: WaitOptions, job_id: int, *, is_one_of_many: bool = False) -> None:
    """Raise UsageError when the file can never be written; a file that exists is no reason."""
    path = options.failed_rows
    if path is None:
        return
    if is_one_of_many and not path.is_dir():
        raise UsageError(
            f"--failed-rows={path} is one file for several imports", hint="name a folder"
        )
    if path == STDOUT:
        return
    try:
        files.check_target(_target(options, job_id))
    except LocalFileError as error:
        raise UsageError(f"--failed-rows: {error.message}") from error


def _target(options: WaitOptions, job_id: int) -> Path:
    path = options.failed_rows
    assert path is not None
    return path / path_for(job_id) if path.is_dir() else path


def save(context: AppContext, job_id: int, record: Record | None, options: WaitOptions) -> Saved:
    """Save the export of a finished job that has rejected rows, if the options ask for it."""
    if options.failed_rows is None or record is None:
        return Saved()
    if not is_finished(record) or not record.get("failedCount"):
        return Saved()
    try:
        with imports.export_failed_rows(context.client, job_id) as chunks:
            if options.failed_rows == STDOUT:
                context.output.write_bytes(chunks)
                return Saved(STDOUT)
            target = _target(options, job_id)
            # an earlier wait for the same import may have saved them
            files.save_stream(chunks, target, force=options.force, may_be_there=True)
            return Saved(target)
    except TalkValueError as error:
        return Saved(error=error)


def export_hint(context: AppContext, record: Record | None) -> str | None:
    """Return the command that fetches the rejected rows, None when there are none."""
    if record is None or not record.get("failedCount"):
        return None
    job_id = record["id"]
    command = context.command_line(
        "path", "import", "failed-export", str(job_id), "-o", str(path_for(job_id))
    )
    return f"{command}   saves the rejected rows"
