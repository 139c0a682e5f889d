"""Files that have passed their check, or have not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from talkvalue_cli.errors import TalkValueError
    from talkvalue_cli.imports.file.check import CheckedCsv
    from talkvalue_cli.imports.file.plan import Plan
    from talkvalue_cli.imports.file.prepared import Prepared
    from talkvalue_cli.imports.file.tally import LineMap
    from talkvalue_cli.imports.file.undecided import Question
    from talkvalue_cli.imports.options import FileOptions


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
Ask = Callable[["Question"], "FileOptions | None"]
