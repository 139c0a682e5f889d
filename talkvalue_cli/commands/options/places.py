"""The places that options name for what a command writes: one rule for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from talkvalue_cli import files
from talkvalue_cli.errors import LocalFileError, UsageError


def check_place(
    option: str, path: Path, *, force: bool = True, apart_from: Iterable[str | Path] = ()
) -> None:
    """Raise UsageError when nothing could be written there, before anything is sent.

    option: as it is typed, which the message begins with. force, apart_from: as for
        `files.check_target`.
    """
    with refusing(option):
        files.check_target(path, force=force, apart_from=apart_from)


@contextmanager
def refusing(option: str) -> Iterator[None]:
    """Make what the block finds wrong with a place a mistake of the option that names it."""
    try:
        yield
    except (LocalFileError, UsageError) as error:
        # nobody has a word of its own for most places; that a file exists has one
        code = UsageError.code if error.code == LocalFileError.code else error.code
        raise UsageError(
            f"{option}: {error.message}", hint=error.hint, remedy=error.remedy, code=code
        ) from error
