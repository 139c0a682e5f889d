"""Which format an answer has, and which an error."""

from __future__ import annotations

from typing import TextIO

from talkvalue_cli.errors import UsageError
from talkvalue_cli.output.style import is_terminal

FORMATS = ("json", "table", "csv")


def choose_format(chosen: str | None, stdout: TextIO | None) -> str:
    """Return the format asked for, else table on a terminal and JSON in a pipe.

    Raises UsageError for a format that does not exist.
    """
    if chosen is None:
        return "table" if is_terminal(stdout) else "json"
    if chosen.lower() not in FORMATS:
        raise UsageError(
            f"unsupported output format: {chosen}",
            hint=f"choose one of {', '.join(FORMATS)}; --query prints parts of the data",
        )
    return chosen.lower()


def choose_error_format(
    named: str | None, *, is_quiet: bool, stdout: TextIO | None, stderr: TextIO | None
) -> str:
    """Return the format of errors: the one that was named, and else the one for who reads them.

    named: the format asked for, if one was. A person sees a terminal, or the
    mail of cron (`is_quiet`); a script that captures both streams gets JSON.
    """
    if named is not None:
        return choose_format(named, stdout)
    is_for_people = is_quiet or is_terminal(stderr) or is_terminal(stdout)
    return "table" if is_for_people else "json"
