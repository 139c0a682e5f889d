"""The first half of a run: files are checked, then uploaded, and their mapping is decided."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TextIO

from talkvalue_cli import files
from talkvalue_cli.api import imports
from talkvalue_cli.errors import Interrupted, StoppedError, TalkValueError, UsageError
from talkvalue_cli.imports.file import mapping
from talkvalue_cli.imports.file.check import CheckedCsv, UploadStream, check_csv
from talkvalue_cli.imports.file.source import is_stream, label, open_csv

if TYPE_CHECKING:
    from datetime import datetime

    from talkvalue_cli.api.models import Analysis
    from talkvalue_cli.imports.listener import ProgressListener
    from talkvalue_cli.imports.options import RunOptions
    from talkvalue_cli.transport.client import Client


class BadFile(NamedTuple):
    """A file that has not passed its check, and why."""

    path: str
    error: TalkValueError


class CheckedFile(NamedTuple):
    """A file that has passed its check.

    spool: what came from standard input; a file with a name is opened again when it is sent.
    """

    path: str
    name: str
    checked: CheckedCsv
    spool: BinaryIO | None = None


@contextmanager
def check_files(
    paths: Sequence[str],
    options: RunOptions,
    listener: ProgressListener,
    stdin: TextIO | None = None,
) -> Iterator[list[CheckedFile | BadFile]]:
    """Check all files before anything is sent; yield what was found.

    Raises UsageError, naming every file that cannot be imported, unless the
    options say to keep going; StoppedError when a signal ends the check.
    """
    checked: list[CheckedFile | BadFile] = []
    with ExitStack() as stack:
        for path in paths:
            try:
                checked.append(_check(path, options, listener, stack, stdin))
            except UsageError as error:
                checked.append(BadFile(path, error))
            except Interrupted as interrupt:
                raise StoppedError(
                    f"interrupted ({interrupt.name}) while {path} was checked; nothing was sent",
                    interrupt.signum,
                ) from interrupt
        errors = [found.error for found in checked if isinstance(found, BadFile)]
        if errors and not options.keep_going:
            raise _combine(errors, len(paths))
        yield checked


def _check(
    path: str,
    options: RunOptions,
    listener: ProgressListener,
    stack: ExitStack,
    stdin: TextIO | None,
) -> CheckedFile:
    with open_csv(path, stdin, options.file_name) as source:
        checked = check_csv(
            source.file,
            label(path),
            encoding=options.encoding,
            allow_ragged=options.allow_ragged,
            on_chunk=listener.tick,
        )
        if not is_stream(path):
            return CheckedFile(path, source.name, checked)
        spool = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
        source.file.seek(0)
        shutil.copyfileobj(source.file, spool)
        return CheckedFile(path, source.name, checked, spool)


def _combine(errors: Sequence[TalkValueError], total: int) -> TalkValueError:
    if len(errors) == 1:
        return errors[0]
    lines = "".join(f"\n  {error.message}" for error in errors)
    return UsageError(
        f"{len(errors)} of {total} files cannot be imported; nothing was sent:{lines}",
        remedy=("keep_going", ""),
    )


def upload(
    client: Client, file: CheckedFile, name: str, options: RunOptions, listener: ProgressListener
) -> tuple[Analysis, datetime | None]:
    """Upload a file; return what the server says of it, and its Date header.

    name: what the server is told that it is called.

    Nothing of it needs to be undone or written down. Raises TalkValueError, and
    LocalFileError for a file that is no longer the one that was checked.
    """
    with _open(file) as source:

        def open_body() -> UploadStream:
            listener.upload_began(file.name, file.checked.size)
            return UploadStream(
                source, file.checked, file.path, encoding=options.encoding, on_sent=listener.sent
            )

        try:
            return imports.analyze_stream(client.with_tick(listener.tick), open_body, name)
        finally:
            listener.upload_ended()


@contextmanager
def _open(file: CheckedFile) -> Iterator[BinaryIO]:
    if file.spool is not None:
        yield file.spool
        return
    with open_csv(file.path, None) as source:
        yield source.file


def decide_mapping(
    file: CheckedFile, analysis: Analysis, options: RunOptions, listener: ProgressListener
) -> list[mapping.MappedColumn]:
    """Return the mapping; save it if that is asked for, and tell what it is.

    Raises UsageError when a required field has no column, LocalFileError.
    """
    columns = mapping.decide_mapping(analysis, options.rules, options.min_confidence)
    if options.save_mapping is not None:
        text = mapping.render_mapping_file(columns, analysis["headers"])
        files.save_stream([text.encode()], options.save_mapping, force=options.force)
    shown = ", ".join(f"{mapped.header} → {mapped.field}" for mapped in columns)
    listener.note(f"{file.path}: {shown}")
    return columns
