"""The first half of a run: files are checked, then uploaded, and their mapping is decided."""

from __future__ import annotations

import codecs
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TextIO

from talkvalue_cli import files
from talkvalue_cli.api import imports
from talkvalue_cli.errors import Interrupted, StoppedError, TalkValueError, UsageError
from talkvalue_cli.imports.file import columns, mapping, prepare
from talkvalue_cli.imports.file.check import CHUNK, UTF8, CheckedCsv, UploadStream, check_csv
from talkvalue_cli.imports.file.lines import LineMap
from talkvalue_cli.imports.file.mapping import MappedColumn, MappingRule
from talkvalue_cli.imports.file.prepare import Conversion, Plan, Tally
from talkvalue_cli.imports.file.prepared import Prepared, UnusedColumn, UsedColumn
from talkvalue_cli.imports.file.source import CsvSource, is_stream, label, open_csv
from talkvalue_cli.imports.file.undecided import Question, UndecidedError, find_question
from talkvalue_cli.imports.options import FileOptions

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
    options: what was said about the file, answers to questions included; None for what
        the run says of all files.
    plan: how it is converted; None for a file that is sent untouched.
    lines: the line of the file for each row that is sent.
    """

    path: str
    name: str
    checked: CheckedCsv
    spool: BinaryIO | None = None
    options: FileOptions | None = None
    plan: Plan | None = None
    prepared: Prepared | None = None
    lines: LineMap | None = None

    @property
    def is_converted(self) -> bool:
        """Something else than the file's own bytes is sent."""
        return self.prepared is not None and not self.prepared.is_unchanged

    @property
    def sent_header(self) -> list[str]:
        """The header as it is sent."""
        return self.checked.header if self.plan is None else self.plan.sent_header


#: is asked what nobody can decide about a file; returns one of the answers, None for none
Ask = Callable[[Question], FileOptions | None]


@contextmanager
def check_files(
    paths: Sequence[str],
    options: RunOptions,
    listener: ProgressListener,
    stdin: TextIO | None = None,
    ask: Ask = lambda question: None,
) -> Iterator[list[CheckedFile | BadFile]]:
    """Check all files before anything is sent; yield what was found.

    Raises UsageError, naming every file that cannot be imported, unless the
    options say to keep going; StoppedError when a signal ends the check.
    """
    checked: list[CheckedFile | BadFile] = []
    with ExitStack() as stack:
        for path in paths:
            try:
                checked.append(_check(path, options, listener, stack, stdin, ask))
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
    ask: Ask,
) -> CheckedFile:
    if options.as_is:
        return _check_as_is(path, options, listener, stack, stdin)
    file = prepare_file(path, options.file_options, listener, stack, stdin, ask)
    if options.strict and file.prepared is not None:
        # which columns are used is known when the server has made its suggestions
        file.prepared._replace(unused=()).refuse_losses(label(path))
    return file if options.file_name is None else file._replace(name=options.file_name)


def prepare_file(
    path: str,
    said: FileOptions,
    listener: ProgressListener,
    stack: ExitStack,
    stdin: TextIO | None = None,
    ask: Ask = lambda question: None,
    save: Callable[[Conversion], object] | None = None,
    *,
    is_final: bool = False,
) -> CheckedFile:
    """Return a file that can be sent, and what is to be done with it.

    is_final: no server is asked for more suggestions, so that what is undecided is an error.
    save: takes all chunks of the conversion, where what is sent is wanted as well.
    stack: closes what can be read only once. Raises UsageError.
    """
    with _opened(path, stack, stdin, allow_packed=True) as (source, spool):
        said, plan = _decide(source, path, said, listener, ask, stack)
        if is_final:
            columns.check_choice(plan.choice, label(path))
        conversion = Conversion(source.file, plan, listener.tick)
        if save is None:
            conversion.run()
        else:
            save(conversion)
        return CheckedFile(
            path,
            source.name,
            conversion.checked,
            spool,
            said,
            plan,
            conversion.prepared,
            conversion.lines,
        )


@contextmanager
def _opened(
    path: str, stack: ExitStack, stdin: TextIO | None, *, allow_packed: bool
) -> Iterator[tuple[CsvSource, BinaryIO | None]]:
    """Open a file; what can be read only once stays open until the stack is closed."""
    with ExitStack() as until_checked:
        is_once = is_stream(path)
        holder = stack if is_once else until_checked
        source = holder.enter_context(open_csv(path, stdin, allow_packed=allow_packed))
        yield source, source.file if is_once else None


def _check_as_is(
    path: str,
    options: RunOptions,
    listener: ProgressListener,
    stack: ExitStack,
    stdin: TextIO | None,
) -> CheckedFile:
    with _opened(path, stack, stdin, allow_packed=False) as (source, spool):
        checked = check_csv(
            source.file,
            label(path),
            encoding=options.encoding or UTF8,
            allow_ragged=options.allow_ragged,
            on_chunk=listener.tick,
        )
        return CheckedFile(path, options.file_name or source.name, checked, spool)


def _decide(
    source: CsvSource,
    path: str,
    said: FileOptions,
    listener: ProgressListener,
    ask: Ask,
    stack: ExitStack,
) -> tuple[FileOptions, Plan]:
    """Return what was said about a file in the end, and what is to be done with it."""
    while True:
        try:
            plan = prepare.make_plan(
                source.file, source.name, label(path), said, stack, listener.tick
            )
            question = find_question(plan.choice, label(path), said)
            answer = None if question is None else ask(question)
            if answer is None:
                return said, plan
        except UndecidedError as error:
            answer = ask(error.question)
            if answer is None:
                raise
        said = answer


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
            chunks = _convert(file, source) if file.is_converted else None
            return UploadStream(
                source,
                file.checked,
                file.path,
                encoding=(options.encoding if file.plan is None else None) or UTF8,
                chunks=chunks,
                on_sent=listener.sent,
            )

        try:
            return imports.analyze_stream(client.with_tick(listener.tick), open_body, name)
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
    return prepare.convert(file.plan.rebind(source), Tally())


@contextmanager
def _open(file: CheckedFile) -> Iterator[BinaryIO]:
    if file.spool is not None:
        yield file.spool
        return
    with open_csv(file.path, None, allow_packed=file.plan is not None) as source:
        yield source.file


def decide_mapping(
    file: CheckedFile,
    analysis: Analysis,
    options: RunOptions,
    listener: ProgressListener,
    inherited: Sequence[MappingRule] = (),
) -> tuple[list[MappedColumn], Prepared | None]:
    """Return the mapping, and what was decided about the file with it; save and tell it.

    inherited: the mapping of the import whose failed rows the file holds; nothing else is
        used then, but what the caller says.
    Raises UsageError when a required field has no column, and where nothing may be lost
    but something would be; LocalFileError.
    """
    columns = _choose_columns(file, analysis, options, inherited)
    prepared = _complete(file, columns)
    if options.strict and prepared is not None:
        prepared.refuse_losses(file.path)
    if options.save_mapping is not None:
        text = mapping.render_mapping_file(columns, analysis["headers"])
        remarks = "" if prepared is None else prepared.render_remarks()
        files.save_stream(
            [remarks.encode(), text.encode()], options.save_mapping, force=options.force
        )
    shown = ", ".join(f"{mapped.header} → {mapped.field}" for mapped in columns)
    listener.note(f"{file.path}: {shown}")
    for line in prepared.describe() if prepared is not None else ():
        listener.note(f"{file.path}: {line}")
    return columns, prepared


def said_of(file: CheckedFile, options: RunOptions) -> FileOptions:
    """Return what was said about a file, answers to questions included."""
    return options.file_options if file.options is None else file.options


def list_said(file: CheckedFile, options: RunOptions) -> tuple[tuple[str, str], ...]:
    """Return what of it changes what is sent, the mapping apart: names and values.

    An encoding that would have been found as well, and rows that may be ragged, change nothing.
    """
    said = said_of(file, options)
    encoding = None
    if said.encoding is not None and file.plan is not None and file.plan.is_encoding_said:
        encoding = codecs.lookup(said.encoding).name
    skipped = sorted(file.plan.skipped) if file.plan is not None else []
    values = {
        "as_is": "1" if options.as_is else None,
        "encoding": encoding,
        "delimiter": said.delimiter,
        "header_row": said.header_row,
        "date_order": said.date_order,
        "sheet": said.sheet,
        "skip_columns": ",".join(map(str, skipped)) or None,
    }
    return tuple((name, str(value)) for name, value in values.items() if value is not None)


def _choose_columns(
    file: CheckedFile, analysis: Analysis, options: RunOptions, inherited: Sequence[MappingRule]
) -> list[MappedColumn]:
    said = said_of(file, options)
    if inherited:
        rules = [*said.rules, *inherited]
        return mapping.decide_mapping(analysis, rules, math.inf)
    if file.plan is None:
        return mapping.decide_mapping(analysis, said.rules, options.min_confidence)
    return _weigh(file.plan, analysis, options.min_confidence)


def _weigh(plan: Plan, analysis: Analysis, min_confidence: float) -> list[MappedColumn]:
    """Return the mapping of what was chosen, and of what the server suggests for the rest."""
    headers = mapping.read_headers(analysis)
    suggestions = mapping.read_suggestions(analysis, headers)
    numbers = {place: number for number, place in plan.places.items()}
    ours = [s._replace(column=numbers[s.column]) for s in suggestions if s.column in numbers]
    rules = {column.index: column.field for column in plan.choice.columns}
    choice = columns.choose(
        plan.table.header, plan.sample, rules, plan.skipped, ours, min_confidence
    )
    if choice.undecided:
        columns.check_choice(choice, plan.opened.label)
    found = {suggested.column: suggested for suggested in ours}
    chosen = [
        MappedColumn(
            plan.places[column.index],
            column.header,
            column.field,
            None if column.index in rules else found[column.index].confidence,
        )
        for column in choice.columns
        if column.index in plan.places
    ]
    mapping.check_required(analysis, {c.field for c in chosen}, suggestions, headers)
    return chosen


def _complete(file: CheckedFile, columns: Sequence[MappedColumn]) -> Prepared | None:
    """Return what was decided about a file, now that its mapping is known."""
    if file.plan is None or file.prepared is None:
        return file.prepared
    whys = {(c.index, c.field): c.why for c in file.plan.choice.columns}
    indices = {place: index for index, place in file.plan.places.items()}
    used = []
    for mapped in columns:
        index = indices[mapped.column]
        why = whys.get((index, mapped.field)) or _why(mapped)
        used.append(UsedColumn(index, file.checked.header[index], mapped.field, why))
    taken = {column.column for column in used}
    reasons = {column.index: column.why for column in file.plan.choice.unused}
    unused = [
        UnusedColumn(index, header, reasons.get(index, ""))
        for index, header in enumerate(file.checked.header)
        if index not in taken
    ]
    return file.prepared._replace(used=used, unused=unused)


def _why(mapped: MappedColumn) -> str:
    if mapped.confidence is None:
        return "asked for"
    return f"the server suggests it ({mapped.confidence:.2f})"
