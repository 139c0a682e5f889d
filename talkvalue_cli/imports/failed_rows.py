"""The failed rows of an import: saved when it has finished, and recognized when they come back."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from talkvalue_cli import files
from talkvalue_cli.api import imports
from talkvalue_cli.errors import (
    Interrupted,
    LocalFileError,
    NoContentError,
    TalkValueError,
    UnexpectedAnswerError,
    UsageError,
)
from talkvalue_cli.imports import result
from talkvalue_cli.imports.file.check import LONGEST_CELL, long_cells
from talkvalue_cli.imports.file.source import is_stream
from talkvalue_cli.imports.result import Action, ImportResult
from talkvalue_cli.imports.status import may_have_failed_rows

if TYPE_CHECKING:
    from talkvalue_cli.transport.client import Client

#: stands for import-ID-failed.csv in the current folder
DEFAULT_PATH = Path()
#: what a result names as the place of rows that went to a stream
STREAM = Path(files.STDIO)
#: columns that an export of failed rows has behind those of the file
REASONS = ("rowNum", "errorCode", "errorMessage")
_NAME = re.compile(r"import-([0-9]{1,18})-failed\.csv")


class Stream(Protocol):
    """Takes failed rows as they arrive, instead of a file."""

    def write(self, chunk: bytes, /) -> object:
        """Write all of the bytes."""


#: a file; a folder, for import-ID-failed.csv in it; or a stream
Target = Path | Stream


def path_for(job_id: int) -> Path:
    """Return the name of the file that is used where none is given."""
    return Path(f"import-{job_id}-failed.csv")


def find_origin(path: str, header: Sequence[str] | None = None) -> int | None:
    """Return the id of the import whose failed rows a file holds, None for any other file.

    header: its first row, read from the file where it is None.
    """
    name = _NAME.fullmatch(Path(path).name)
    if name is None:
        return None
    if header is None:
        if is_stream(path):  # what is read of it is gone
            return None
        try:
            with open(path, encoding="utf-8-sig", errors="replace", newline="") as file:
                header = _read_header(iter(lambda: file.readline(LONGEST_CELL), ""))
        except OSError:
            return None
    return int(name[1]) if set(REASONS) <= {*header} else None


def check_target(
    target: Target | None,
    job_ids: Sequence[int] = (),
    *,
    count: int = 1,
    apart_from: Sequence[str] = (),
) -> None:
    """Raise UsageError when nothing can ever be saved there; a file that exists is no reason.

    target: anything else than a Target is refused as well.

    job_ids: the imports whose rows go there, as far as they are known. count: how many they are.
    apart_from: the files that are imported, none of which it may be.
    """
    if not isinstance(target, Path):
        if target is not None and not hasattr(target, "write"):
            raise UsageError(f"failed_rows must be a path or a stream, not {target!r}")
        return
    if count > 1 and not target.is_dir():
        raise UsageError(f"{target} is one file for several imports", hint="name a folder")
    if target.is_dir() and not os.access(target, os.W_OK | os.X_OK):
        raise UsageError(
            f"failed rows cannot be saved in the folder {target.resolve()}: permission denied",
            remedy=("failed_rows", ""),
        )
    try:
        for job_id in job_ids or (0,):
            files.check_target(_find_path(target, job_id), apart_from=apart_from)
    except LocalFileError as error:
        raise UsageError(error.message) from error


def _find_path(target: Path, job_id: int) -> Path:
    return target / path_for(job_id) if target.is_dir() else target


def save(
    client: Client, ended: ImportResult, target: Target | None, *, force: bool
) -> ImportResult:
    """Save the failed rows of a finished import that has some; return its result with the place.

    A file of an import that was known before is left alone, for it was saved by
    the run that made the import, and may have been corrected since. A failure
    makes a success none, unless it is that there are none; a signal makes the outcome
    INTERRUPTED. Raises BrokenPipeError when the reader of the stream went away, and
    with it a success.
    """
    job, job_id = ended.job, ended.job_id
    if target is None or job is None or job_id is None:
        return ended
    if not ended.is_finished or not may_have_failed_rows(job):
        return ended
    is_known = ended.action == Action.KNOWN and not force
    if is_known and isinstance(target, Path) and _find_path(target, job_id).is_file():
        return ended._replace(failed_rows=_find_path(target, job_id))
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
    with imports.export_failed_rows(client, job_id) as exported:
        chunks = drop_old_reasons(exported)
        if not isinstance(target, Path):
            for chunk in chunks:
                target.write(chunk)
            return STREAM
        path = _find_path(target, job_id)
        if path != target and (path.is_symlink() or (path.exists() and not path.is_file())):
            raise LocalFileError(f"{path} is no plain file, and was left as it is")
        # an earlier wait for the same import may have saved them
        files.save_stream(chunks, path, force=force, may_be_there=True)
        return path


def drop_old_reasons(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield an export, without the reasons that its rows had failed for in an earlier import.

    A file of failed rows that is imported again has them as columns of its own,
    and the server puts new ones behind. An export without such is passed on byte
    for byte.
    """
    chunks = iter(chunks)
    head: list[bytes] = []

    def remember() -> Iterator[bytes]:
        for chunk in chunks:
            head.append(chunk)
            yield chunk

    header = _read_header(iter_lines(remember()))
    rest = itertools.chain(head, chunks)
    old = [
        place
        for place, name in enumerate(header)
        if name in REASONS and name in header[place + 1 :]
    ]
    return _drop_columns(rest, old) if old else (chunk for chunk in rest if chunk)


def _drop_columns(chunks: Iterable[bytes], places: Sequence[int]) -> Iterator[bytes]:
    try:
        with long_cells():
            for row in csv.reader(iter_lines(chunks)):
                line = io.StringIO()
                kept = [cell for place, cell in enumerate(row) if place not in places]
                csv.writer(line, lineterminator="\n").writerow(kept)
                yield line.getvalue().encode()
    except csv.Error as error:
        raise UnexpectedAnswerError(f"the failed rows are no CSV file: {error}") from error


def _read_header(lines: Iterable[str]) -> list[str]:
    """Return the first row of a CSV file, which may take several lines; empty if it is none."""
    try:
        with long_cells():
            return next(csv.reader(lines), [])
    except csv.Error:
        return []


def iter_lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """Yield lines of UTF-8 text, with their ends, out of chunks that end anywhere.

    Raises csv.Error for a line that is too long.
    """
    decode = codecs.getincrementaldecoder("utf-8-sig")(errors="replace").decode
    rest = ""
    for chunk in chunks:
        # not splitlines(): it also splits at characters that are none of CSV's business
        *lines, rest = (rest + decode(chunk)).split("\n")
        yield from (f"{line}\n" for line in lines)
        if len(rest) > LONGEST_CELL:
            raise csv.Error("a line is too long")
    if rest:
        yield rest
