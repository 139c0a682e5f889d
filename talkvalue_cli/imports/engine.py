"""What Python programs call: files in, results out, and the single parts of that way."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, overload

from talkvalue_cli.clock import Clock, SystemClock
from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports import result
from talkvalue_cli.imports.arguments import check_all, check_ids, check_paths
from talkvalue_cli.imports.failed_rows import Stream, Target, check_target, save
from talkvalue_cli.imports.file.checked import CheckedFile
from talkvalue_cli.imports.file.mapping import make_rules
from talkvalue_cli.imports.listener import ProgressListener, SilentListener
from talkvalue_cli.imports.options import FileSettings, RunOptions
from talkvalue_cli.imports.pipeline import (
    Engine,
    FailedRows,
    Preview,
    preview_file,
    run_files,
    submit_files,
    wait_and_save,
    write_down,
)
from talkvalue_cli.imports.result import Action, ImportResult, Submission
from talkvalue_cli.imports.status import Job, MaxFailed, Tolerance
from talkvalue_cli.imports.submitting.journal import CREATED, Journal, open_journal
from talkvalue_cli.imports.waiting.limits import DEFAULT_LIMITS, WaitLimits
from talkvalue_cli.imports.waiting.waiter import Waiter

if TYPE_CHECKING:
    from typing_extensions import Required, Unpack

    from talkvalue_cli.imports.waiting.limits import WaitSettings
    from talkvalue_cli.transport.client import Client

    class _WaitArguments(WaitSettings, total=False):
        failed_rows: FailedRowsTarget | None
        listener: ProgressListener | None
        clock: Clock | None

    class _RunArguments(FileSettings, _WaitArguments, total=False):
        source_id: Required[int]
        mode: Required[str]
        journal: Journal | None


File = str | os.PathLike[str]
#: a file, a folder or a stream
FailedRowsTarget = File | Stream


@overload
def run(  # type: ignore[overload-overlap] # a str is a Sequence of str as well
    client: Client, files: File, **settings: Unpack[_RunArguments]
) -> ImportResult: ...


@overload
def run(
    client: Client, files: Sequence[File], **settings: Unpack[_RunArguments]
) -> list[ImportResult]: ...


def run(
    client: Client,
    files: File | Sequence[File],
    *,
    source_id: int,
    mode: str,
    failed_rows: FailedRowsTarget | None = None,
    listener: ProgressListener | None = None,
    clock: Clock | None = None,
    journal: Journal | None = None,
    **settings: Any,
) -> ImportResult | list[ImportResult]:
    """Import files, each once: check, upload, create, wait, save failed rows.

    It can be called again at any moment: what an earlier call, or the command
    `talkvalue path import run`, has begun or finished is found in the journal.

    files: a path (`-` is standard input) for one result, or several for a list
        of them in the same order.
    source_id: the channel. mode: UPDATE or SKIP.
    failed_rows: file, folder or stream for the failed rows; None saves none.
    journal: as `open_journal` gives it; by default the one that TALKVALUE_JOURNAL names, else
        that of this user on this machine.
    settings: every other field of RunOptions, `mapping` in place of its rules,
        every field of WaitLimits, and `allow_partial` and `max_failed`.

    Raises UsageError for files and arguments that cannot be used, before
    anything is sent. What happens later is in the results.
    """
    from talkvalue_cli.imports.file.checking import check_files

    limits, tolerance, rest = _split(settings)
    options = _make_options(source_id, mode, rest)
    paths = check_paths(files)
    target = _read_target(failed_rows)
    check_target(target, count=len(paths), apart_from=paths)
    engine = _make_engine(client, clock, listener, journal)
    with (
        check_files(paths, options, engine.listener, sys.stdin) as checked,
        _opened(journal, engine.clock) as book,
    ):
        rows = FailedRows(target, options.force)
        results, _ = run_files(engine, checked, book, options, limits, tolerance, rows)
    return results if len(results) != 1 or not isinstance(files, (str, os.PathLike)) else results[0]


def submit(
    client: Client,
    files: File | Sequence[File],
    *,
    source_id: int,
    mode: str,
    listener: ProgressListener | None = None,
    clock: Clock | None = None,
    journal: Journal | None = None,
    **settings: Unpack[FileSettings],
) -> list[Submission]:
    """Do as `run` does, but create the imports only; `wait` or a Waiter goes on from there.

    Returns what came of each file, in order: a job id, or an error. Raises as `run` does.
    """
    from talkvalue_cli.imports.file.checking import check_files

    options = _make_options(source_id, mode, dict(settings))
    engine = _make_engine(client, clock, listener, journal)
    with (
        check_files(check_paths(files), options, engine.listener, sys.stdin) as checked,
        _opened(journal, engine.clock) as book,
    ):
        return submit_files(engine, checked, book, options, DEFAULT_LIMITS)


def preview(
    client: Client,
    file: File,
    *,
    source_id: int,
    mode: str,
    listener: ProgressListener | None = None,
    **settings: Unpack[FileSettings],
) -> Preview:
    """Check and upload a file, and return what `run` would create of it; nothing is created.

    Raises TalkValueError.
    """
    from talkvalue_cli.imports.file.checking import check_files

    options = _make_options(source_id, mode, dict(settings))
    engine = _make_engine(client, listener=listener)
    with check_files(check_paths([file]), options, engine.listener, sys.stdin) as [checked]:
        assert isinstance(checked, CheckedFile), "a file that cannot be used has raised"
        return preview_file(engine, checked, options)


@overload
def wait(client: Client, job_ids: int, **settings: Unpack[_WaitArguments]) -> ImportResult: ...


@overload
def wait(
    client: Client, job_ids: Sequence[int], **settings: Unpack[_WaitArguments]
) -> list[ImportResult]: ...


def wait(
    client: Client,
    job_ids: int | Sequence[int],
    *,
    failed_rows: FailedRowsTarget | None = None,
    listener: ProgressListener | None = None,
    clock: Clock | None = None,
    **settings: Any,
) -> ImportResult | list[ImportResult]:
    """Wait for imports until each has finished or a limit passes.

    job_ids: one for a result, or several for a list of them in the same order,
        each id once.
    failed_rows: as for `run`. settings: every field of WaitLimits, and
        `allow_partial` and `max_failed`.

    Raises UsageError for arguments that cannot be used. Errors of the server are in the results.
    """
    limits, tolerance, rest = _split(settings)
    if rest:
        raise TypeError(f"wait() got an unexpected keyword argument {next(iter(rest))!r}")
    ids = check_ids(job_ids)
    target = _read_target(failed_rows)
    check_target(target, ids, count=len(ids))
    engine = _make_engine(client, clock, listener)
    waiter = Waiter(
        client,
        ids,
        limits=limits,
        tolerance=tolerance,
        listener=engine.listener,
        clock=engine.clock,
        random=engine.random,
    )
    results, _ = wait_and_save(engine, waiter, FailedRows(target))
    return results[0] if isinstance(job_ids, int) else results


def conclude(
    client: Client,
    job: Job,
    *,
    failed_rows: FailedRowsTarget | None = None,
    force: bool = False,
    journal: Journal | None = None,
    action: str | None = None,
    allow_partial: bool = False,
    max_failed: MaxFailed | None = None,
) -> ImportResult:
    """Do what `run` does about an import that has ended: judge it, save its failed rows, note it.

    For those who `submit` in one process and wait in another. The journal is told
    when it knows the import; on another machine it may not, and that does no harm.

    job: the record as it was last seen. One that has not finished is NOT_FINISHED.
    failed_rows: as for `run`. force: over a file that exists. action: of its Submission.
    Raises UsageError for arguments that cannot be used, LocalFileError for such a journal.
    """
    tolerance = Tolerance(allow_partial, max_failed)
    check_all({"job": job, "force": force, **tolerance._asdict()})
    target = _read_target(failed_rows)
    check_target(target, [job["id"]])
    engine = _make_engine(client, journal=journal)
    rows = FailedRows(target, force)
    ended = result.judge(job, tolerance)
    ended = save(client, ended._replace(action=action), rows.target, force=rows.force)
    with _opened(journal, engine.clock) as book:
        known = book.find_job(client.base_url, job["id"])
        if known is not None and known.step == CREATED:
            submission = Submission(known.file_path, Action.ATTACHED, attempt_id=known.id)
            write_down(engine, book, submission, ended, rows)
    return ended


def _make_engine(
    client: Client,
    clock: Clock | None = None,
    listener: ProgressListener | None = None,
    journal: Journal | None = None,
) -> Engine:
    """Return what the parts of a run work with. Raises UsageError for what is none of it."""
    check_all({"client": client, "clock": clock, "listener": listener, "journal": journal})
    return Engine(client, clock or SystemClock(), listener or SilentListener(), Random())


def _read_target(target: FailedRowsTarget | None) -> Target | None:
    return Path(target) if isinstance(target, (str, os.PathLike)) else target


def _split(settings: dict[str, Any]) -> tuple[WaitLimits, Tolerance, dict[str, Any]]:
    """Return the keywords that are about waiting, and the others."""
    rest = dict(settings)
    limits = {name: rest.pop(name) for name in WaitLimits._fields if name in rest}
    tolerated = {name: rest.pop(name) for name in Tolerance._fields if name in rest}
    check_all({**limits, **tolerated})
    return WaitLimits(**limits), Tolerance(**tolerated), rest


def _make_options(source_id: int, mode: str, settings: dict[str, Any]) -> RunOptions:
    for name in settings.keys() - FileSettings.__annotations__:
        raise TypeError(f"unexpected keyword argument {name!r}")
    mapping = settings.pop("mapping", None) or {}
    if not isinstance(mapping, Mapping):
        raise UsageError(f"mapping must have a field for each column, not {mapping!r}")
    options = RunOptions(source_id, mode, make_rules(mapping), **settings)
    check_all(options._asdict())
    return options


@contextmanager
def _opened(journal: Journal | None, clock: Clock) -> Iterator[Journal]:
    """Give the journal, or the one that the environment names, which is closed in the end."""
    if journal is not None:
        yield journal
        return
    with open_journal(sleep=clock.sleep) as book:
        yield book
