"""Sending a file that was checked, as it is or converted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from talkvalue_cli.api import imports
from talkvalue_cli.errors import TalkValueError
from talkvalue_cli.imports.file import conversion
from talkvalue_cli.imports.file.borrowed import CHUNK
from talkvalue_cli.imports.file.check import UTF8, UploadStream, describe_change
from talkvalue_cli.imports.file.source import is_stream, open_csv
from talkvalue_cli.imports.file.tally import Tally

if TYPE_CHECKING:
    from datetime import datetime

    from talkvalue_cli.api.models import Analysis
    from talkvalue_cli.imports.file.checked import CheckedFile
    from talkvalue_cli.imports.listener import ProgressListener
    from talkvalue_cli.imports.options import RunOptions
    from talkvalue_cli.transport.client import Client


def upload(
    client: Client, file: CheckedFile, name: str, options: RunOptions, listener: ProgressListener
) -> tuple[Analysis, datetime | None]:
    """Upload a file; return what the server says of it, and its Date header.

    name: what the server is told that it is called.

    Nothing of it needs to be undone or written down. Raises TalkValueError, and
    LocalFileError for a file that is no longer the one that was checked.
    """
    failures: list[Exception] = []

    def tell_sent(size: int) -> None:
        try:
            listener.sent(size)
        except Exception as error:
            failures.append(error)
            raise

    with _open(file) as source:

        def open_body() -> UploadStream:
            listener.upload_began(file.name, file.checked.size)
            chunks = _convert(file, source) if file.is_converted else None
            return UploadStream(
                source,
                file.checked,
                file.path,
                encoding=(options.encoding if file.plan is None else None) or UTF8,
                chunks=chunks,
                on_sent=tell_sent,
            )

        try:
            return imports.analyze_stream(client.with_tick(listener.tick), open_body, name)
        except TalkValueError:
            if failures:
                # it was raised in the middle of an exchange, which takes it for the network's
                raise failures[0] from None
            raise
        finally:
            listener.upload_ended()


@contextmanager
def open_body(file: CheckedFile) -> Iterator[Iterator[bytes]]:
    """Give a file's content as it is sent, in parts."""
    with _open(file) as source:
        source.seek(0)
        yield _convert(file, source) if file.is_converted else iter(lambda: source.read(CHUNK), b"")


def _convert(file: CheckedFile, source: BinaryIO) -> Iterator[bytes]:
    assert file.plan is not None, "it is converted"
    return conversion.convert(file.plan.rebind(source), Tally())


@contextmanager
def _open(file: CheckedFile) -> Iterator[BinaryIO]:
    if file.spool is not None:
        yield file.spool
        return
    if is_stream(file.path):
        # to read one takes until somebody writes it, and it was none
        raise describe_change(file.path)
    with open_csv(file.path, None, allow_packed=file.plan is not None) as source:
        yield source.file
