"""Output: where values become text on standard output, and words for people on standard error."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TextIO

from talkvalue_cli import signals
from talkvalue_cli.counts import read_count
from talkvalue_cli.errors import Interrupted, LocalFileError, TalkValueError
from talkvalue_cli.output import render_csv, render_json
from talkvalue_cli.output.cleaning import clean_data, clean_lines, decode
from talkvalue_cli.output.columns import Column, Layout, Reading, Record, clean, to_text
from talkvalue_cli.output.style import Style, is_terminal, wants_colour
from talkvalue_cli.output.terminal import terminal_width

if TYPE_CHECKING:  # it is made where an expression was given
    from talkvalue_cli.output.query import Query

#: a secret shorter than this is not looked for in the output: it would be part of ordinary words
SHORTEST_SECRET = 8


class Output:
    """The two streams of a process, and the format chosen once.

    stdout carries the answer and nothing else; notes, warnings and errors go
    to stderr. Both may be None: a shell can start a program with a stream closed.
    """

    def __init__(
        self,
        stdout: TextIO | None,
        stderr: TextIO | None,
        environ: Mapping[str, str],
        *,
        format: str,
        error_format: str | None = None,
        query: Query | None = None,
        no_color: bool = False,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        """`error_format`: where it is not that of the answer. `query`: what to print of `data`."""
        self.stdout, self.stderr, self.environ = stdout, stderr, environ
        self._wall_clock = wall_clock
        self.format, self.error_format, self.query = format, error_format or format, query
        self.style = Style(wants_colour(stdout, environ, no_color=no_color))
        self.error_style = Style(wants_colour(stderr, environ, no_color=no_color))
        self._secrets: list[str] = []
        self._held: list[str] | None = None
        #: erases a line that is redrawn in place, so that text does not run into it
        self.clear_line: Callable[[], None] = lambda: None

    def keep_secret(self, secret: str) -> None:
        """Never print this text from now on, whoever may have put it into a message."""
        if len(secret) >= SHORTEST_SECRET:
            self._secrets.append(secret)

    def hold_notes(self) -> None:
        """Keep notes and warnings back until an error is printed, if ever."""
        self._held = self._held or []

    @property
    def is_holding(self) -> bool:
        """Tell whether notes are kept back."""
        return self._held is not None

    def rows(
        self,
        items: Sequence[Record],
        columns: Sequence[Column],
        *,
        pagination: Mapping[str, Any] | None = None,
        data: Sequence[Record | None] | None = None,
        beside: Mapping[str, Any] | None = None,
        empty: str = "",
    ) -> None:
        """Print a list.

        pagination: which page it is. data: what JSON has in place of the items, with null for
        what is not known. beside: further top-level members of the JSON document.
        empty: a note for people when there is nothing in it.
        """
        data = items if data is None else data
        if self.query is not None:
            self._select(data)
            return
        if self.format == "json":
            page = {"pagination": pagination} if pagination else {}
            document = {"data": data, **page, **(beside or {})}
            self.write(render_json.render_document(document))
        elif self.format == "csv":
            self.write_plain(render_csv.render_rows(columns, items))
        else:
            self.write(self.render(items, columns) + self._page_line(pagination))
            if not items and empty:
                self.note(empty)
        self._hint_pages(pagination)

    def render(self, items: Sequence[Record], columns: Sequence[Column]) -> str:
        """Return a list as a table for whoever reads standard output."""
        from talkvalue_cli.output import table

        return table.render_rows(columns, items, self.style, self._table_width(), self._reading())

    def pages(
        self, pages: Iterable[Sequence[Record]], columns: Sequence[Column], *, empty: str = ""
    ) -> None:
        """Print a list that is as long as it gets, each page before the next is asked for.

        What was printed before an error stays: JSON without its end, so that
        nobody takes it for the whole. `empty` is as for `rows`. A query sees
        the whole list, so that nothing is printed before its end.
        """
        if self.query is not None:
            self._select([item for items in pages for item in items])
            return
        is_empty = True

        def watch() -> Iterator[Sequence[Record]]:
            nonlocal is_empty
            for items in pages:
                is_empty = is_empty and not items
                yield items

        write = self.write_plain if self.format == "csv" else self.write
        for text in self._render_pages(watch(), columns):
            write(text)
        if is_empty and empty and self.format == "table":
            self.note(empty)

    def _render_pages(
        self, pages: Iterable[Sequence[Record]], columns: Sequence[Column]
    ) -> Iterator[str]:
        if self.format == "json":
            return render_json.render_pages(pages)
        if self.format == "csv":
            return render_csv.render_pages(columns, pages)
        from talkvalue_cli.output import table

        return table.render_pages(columns, pages, self.style, self._table_width(), self._reading())

    def record(
        self,
        record: Record | None,
        layout: Layout | None = None,
        *,
        beside: Mapping[str, Any] | None = None,
    ) -> None:
        """Print one record.

        layout: how a table shows it; without one each key has a line.
        beside: further top-level members of the JSON document.
        """
        if self.query is not None:
            self._select(record)
        elif self.format == "json":
            self.write(render_json.render_document({"data": record, **(beside or {})}))
        elif record is None:
            return
        elif self.format == "csv":
            self.write_plain(render_csv.render_record(record))
        else:
            from talkvalue_cli.output import table

            width = self._table_width()
            self.write(table.render_record(record, layout, self.style, width, self._reading()))

    def _select(self, data: Any) -> None:
        """Print what the query finds in the data of an answer. Raises QueryError."""
        assert self.query is not None
        text = self.query.render(data)
        if text:
            self.write_plain(text)
        elif self.has_reader:
            reason = self.query.explain_nothing()
            said = f"nothing in the answer's data is selected by {self.query.expression!r}"
            self.note(f"{said}: {reason}" if reason else said)

    def write_lines(self, lines: Iterable[str]) -> None:
        """Print lines for people, broken at blanks where a terminal is too narrow.

        Everything that it would obey is escaped.
        """
        from talkvalue_cli.output import table

        width = self._table_width()
        parts = [part for line in lines for part in table.fold(clean(line), width)]
        self.write("".join(f"{part}\n" for part in parts))

    def write(self, text: str) -> None:
        """Write text to standard output at once.

        Raises LocalFileError when it cannot take it, BrokenPipeError when its reader went away.
        """
        self._write(self.redact(text))

    def _write(self, text: str) -> None:
        with self._open_stdout() as stdout:
            stdout.write(text)
            stdout.flush()

    def write_plain(self, text: str) -> None:
        """Write text of others: as it is, but on a terminal nothing that it would obey."""
        self.write(clean_data(text) if self.is_on_terminal else text)

    def write_bytes(self, chunks: Iterable[bytes]) -> None:
        """Pass bytes on to standard output as they arrive, unchanged.

        Where it is a terminal they are taken for text, and cleaned.
        """
        if self.is_on_terminal:
            for text in decode(chunks):
                signals.check()
                self._write(clean_data(text))
            return
        for chunk in chunks:
            signals.check()
            with self._open_stdout() as stdout:
                stdout.buffer.write(chunk)
                stdout.flush()

    @contextmanager
    def _open_stdout(self) -> Iterator[TextIO]:
        """Yield standard output for a call that may wait for its reader.

        Once it is broken, or a signal has ended the call, nothing more is
        written, also not when Python flushes it at exit.
        """
        if self.stdout is None:
            raise LocalFileError("standard output is closed", code="STDOUT_CLOSED")
        try:
            with signals.point(has_begun=True):
                yield self.stdout
        except (OSError, Interrupted) as error:
            with suppress(OSError), open(os.devnull, "wb") as nothing:
                os.dup2(nothing.fileno(), self.stdout.fileno())
            if isinstance(error, (BrokenPipeError, Interrupted)):
                raise
            reason = error.strerror or str(error)
            raise LocalFileError(f"cannot write the output: {reason}", code="STDOUT") from error

    def note(self, text: str) -> None:
        """Tell people something on standard error."""
        self._tell(clean_lines(text))

    def warn(self, text: str) -> None:
        """Tell people about something that is probably not meant."""
        self._tell(f"{self.error_style('Warning', 'warning')}: {clean_lines(text)}")

    def _tell(self, line: str) -> None:
        if self._held is None:
            self.clear_line()
            self.write_error(line + "\n")
        else:
            self._held.append(line)

    def error(self, error: TalkValueError) -> None:
        """Print an error in the format for it, after the notes that were held back."""
        held, self._held = self._held or [], None
        for line in held:
            self._tell(line)
        if self.error_format == "json":
            self.write_error(
                render_json.render_document({"error": render_json.describe_error(error)})
            )
        elif self.error_format == "csv":
            fields = render_csv.render_line((error.kind, clean_data(error.message)))
            self.write_error("error,message\n" + fields)
        else:
            hint = f"\nHint: {error.hint}" if error.hint else ""
            text = clean_lines(error.text + hint)
            self.write_error(f"{self.error_style('Error', 'error')}: {text}\n")

    def write_error(self, text: str) -> None:
        """Write text to standard error; where that fails there is nobody left to tell."""
        if self.stderr is None:
            return
        try:
            self.stderr.write(self.redact(text))
            self.stderr.flush()
        except (OSError, ValueError):
            self.stderr = None

    def write_at_once(self, text: str) -> None:
        """Write text to standard error past its buffer; may be called from a signal handler."""
        with suppress(OSError, ValueError):
            if self.stderr is not None:
                os.write(self.stderr.fileno(), text.encode())

    @property
    def is_document(self) -> bool:
        """Tell whether the answer is printed as JSON, or selected from what would be."""
        return self.format == "json" or self.query is not None

    @property
    def is_in_background(self) -> bool:
        """Tell whether the terminal behind standard error is another job's now."""
        if self.stderr is None or not hasattr(os, "tcgetpgrp"):
            return False
        try:
            return os.tcgetpgrp(self.stderr.fileno()) != os.getpgrp()
        except (OSError, ValueError):  # it is not the terminal of this process
            return False

    @property
    def has_reader(self) -> bool:
        """Tell whether somebody reads standard error on a terminal."""
        return is_terminal(self.stderr)

    @property
    def is_on_terminal(self) -> bool:
        """Tell whether standard output is a terminal."""
        return is_terminal(self.stdout)

    @property
    def is_dumb(self) -> bool:
        """Tell whether the terminal cannot move its cursor."""
        return self.environ.get("TERM") == "dumb"

    def redact(self, text: str) -> str:
        """Return text without the secrets."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text

    def _table_width(self) -> int | None:
        """Return the cells of the terminal; None in a pipe, where nothing is ever cut."""
        return terminal_width(self.stdout) if is_terminal(self.stdout) else None

    def _reading(self) -> Reading:
        """Return for whom a table is: people at a terminal, else whatever reads the pipe."""
        return Reading(self._wall_clock(), is_for_people=self.is_on_terminal)

    def _page_line(self, pagination: Mapping[str, Any] | None) -> str:
        if not pagination or not pagination["totalElements"]:
            return ""
        shown = {key: to_text(value) for key, value in pagination.items()}
        text = "Page {page} of {totalPages} ({totalElements} total)".format(**shown)
        return self.style(text, "dim") + "\n"

    def _hint_pages(self, pagination: Mapping[str, Any] | None) -> None:
        """Say that there are more pages where the format itself does not show it."""
        if self.format == "csv" and pagination and self.has_reader:
            page, pages = read_count(pagination["page"]), read_count(pagination["totalPages"])
            if page is not None and pages is not None and page < pages:
                self.note(f"page {page} of {pages}; --page {page + 1} has more")
