"""The first half of a run: a checked file is uploaded, and its mapping decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from talkvalue_cli.api import imports
from talkvalue_cli.api.models import Analysis
from talkvalue_cli.context import AppContext
from talkvalue_cli.imports.file import mapping
from talkvalue_cli.imports.file.check import UTF8, CheckedCsv, UploadStream
from talkvalue_cli.imports.file.mapping import Choice, Wish
from talkvalue_cli.imports.file.source import open_csv
from talkvalue_cli.output import files
from talkvalue_cli.output.progress.bar import UploadBar


class RunOptions(NamedTuple):
    """What the command line says about the imports, apart from waiting for them.

    wishes: columns and fields the user asks for. again_after_s: seconds.
    attach_id: the job that an attempt of unknown fate has made.
    """

    source_id: int
    mode: str
    wishes: Sequence[Wish] = ()
    min_confidence: float = mapping.DEFAULT_CONFIDENCE
    save_mapping: Path | None = None
    encoding: str = UTF8
    allow_ragged: bool = False
    file_name: str | None = None
    again: bool = False
    again_after_s: float = 24 * 3600.0
    attach_id: int | None = None
    force: bool = False


class CheckedFile(NamedTuple):
    """A file that has passed its check.

    spool: what came from standard input; a file with a name is opened again when it is sent.
    """

    path: str
    name: str
    checked: CheckedCsv
    spool: BinaryIO | None = None


class Uploader:
    """Uploads files; nothing that it does needs to be undone or written down."""

    def __init__(self, context: AppContext, options: RunOptions) -> None:
        self._runtime, self._options = context, options

    def analyze(self, file: CheckedFile) -> tuple[Analysis, float]:
        """Upload the file; return what the server says of it, and its clock in epoch seconds."""
        options, context = self._options, self._runtime
        with self._open(file) as source:
            bar = UploadBar(context.output, file.name, file.checked.size)

            def open_body() -> UploadStream:
                bar.begin()
                return UploadStream(
                    source, file.checked, file.path, encoding=options.encoding, on_sent=bar.add
                )

            try:
                analysis, server_time = imports.analyze_stream(
                    context.client.with_tick(bar.draw), open_body, file.name
                )
            finally:
                bar.close()
        moment = context.wall_clock() if server_time is None else server_time.timestamp()
        return analysis, moment

    @contextmanager
    def _open(self, file: CheckedFile) -> Iterator[BinaryIO]:
        if file.spool is not None:
            yield file.spool
            return
        with open_csv(file.path, None) as source:
            yield source.file

    def decide_mapping(self, file: CheckedFile, analysis: Analysis) -> list[Choice]:
        """Return the mapping; save it if that is asked for, and show what was guessed."""
        options = self._options
        choices = mapping.decide_mapping(analysis, options.wishes, options.min_confidence)
        if options.save_mapping is not None:
            text = mapping.render_mapping_file(choices, analysis["headers"])
            files.save_stream([text.encode()], options.save_mapping, force=options.force)
        shown = ", ".join(f"{choice.header} → {choice.field}" for choice in choices)
        self._runtime.output.note(f"{file.path}: {shown}")
        return choices
