"""Checking files before anything is sent: how each is read, and what is to be done with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, BinaryIO, TextIO

from talkvalue_cli.errors import Interrupted, StoppedError, TalkValueError, UsageError
from talkvalue_cli.imports.file import plan
from talkvalue_cli.imports.file.check import UTF8, check_csv
from talkvalue_cli.imports.file.checked import Ask, BadFile, CheckedFile
from talkvalue_cli.imports.file.choice import check_choice
from talkvalue_cli.imports.file.conversion import Conversion
from talkvalue_cli.imports.file.plan import Plan
from talkvalue_cli.imports.file.source import CsvSource, is_stream, label, open_csv
from talkvalue_cli.imports.file.undecided import UndecidedError, find_question

if TYPE_CHECKING:
    from talkvalue_cli.imports.listener import ProgressListener
    from talkvalue_cli.imports.options import FileOptions, RunOptions


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
        said, made = _decide(source, path, said, listener, ask, stack)
        if is_final:
            check_choice(made.choice, made.opened.label)
        conversion = Conversion(source.file, made, listener.tick)
        if save is None:
            conversion.run()
        else:
            save(conversion)
        return CheckedFile(
            path,
            made.opened.name,
            conversion.checked,
            spool,
            said,
            made,
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
            made = plan.make_plan(source.file, source.name, label(path), said, stack, listener.tick)
            question = find_question(made.choice, label(path), said)
            answer = None if question is None else ask(question)
            if answer is None:
                return said, made
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
