"""Errors that nobody foresaw: a private file says where one happened, and a sentence names it."""

from __future__ import annotations

import os
import platform
import re
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from talkvalue_cli import __version__, files, times
from talkvalue_cli.errors import TalkValueError

#: so many reports are kept, each of so many characters
MOST_REPORTS, LONGEST_REPORT = 10, 1 << 18
#: what looks like a secret: what follows the name of a scheme in a header, a JWT, and a user with
#: a password in a URL
_SECRETS = re.compile(
    r"(?i:(?<=bearer )|(?<=basic ))[^\s'\"]+"
    r"|eyJ[\w-]+\.[\w.-]+"
    r"|(?<=://)[^/\s@'\"]+:[^/\s@'\"]*(?=@)"
)
#: variables whose values are secrets
_SECRET_NAMES = re.compile("TOKEN|SECRET|PASSW|_KEY", re.IGNORECASE)
#: a value that is shorter would be a part of ordinary words
SHORTEST_SECRET = 8


class Crash(NamedTuple):
    """The error to print, and the text for those who look for its cause, without secrets."""

    error: TalkValueError
    report: str


def describe(
    error: Exception,
    argv: Sequence[str],
    environ: Mapping[str, str],
    now: float,
    redact: Callable[[str], str],
) -> Crash:
    """Write a report of an error that nobody foresaw, and return what there is to say.

    now: epoch seconds.
    redact: takes out the secrets that are known.
    """
    text = _remove_secrets(_compose(error, argv), environ, redact)[:LONGEST_REPORT]
    message = f"this error was not foreseen ({type(error).__name__})"
    try:
        path = _save(text, environ, now)
    except Exception:  # noqa: BLE001 - whatever keeps it from being written, it is no help
        hint = "--verbose shows where it happened"
        return Crash(TalkValueError(message, code="INTERNAL", hint=hint), text)
    found = TalkValueError(
        f"{message}; where it happened is in {path}",
        code="INTERNAL",
        details={"report": str(path)},
        hint="send the file with a report of the bug; it holds no secrets, but your arguments",
    )
    return Crash(found, text)


def _compose(error: Exception, argv: Sequence[str]) -> str:
    head = f"talkvalue {__version__}, Python {platform.python_version()}, {platform.platform()}"
    return f"{head}\narguments: {list(argv)!r}\n\n{''.join(traceback.format_exception(error))}"


def _remove_secrets(text: str, environ: Mapping[str, str], redact: Callable[[str], str]) -> str:
    for name, value in environ.items():
        if len(value) >= SHORTEST_SECRET and _SECRET_NAMES.search(name):
            text = text.replace(value, "***")
    return _SECRETS.sub("***", redact(text))


def _save(text: str, environ: Mapping[str, str], now: float) -> Path:
    """Write a report beside the journal, and remove the oldest ones."""
    # takes long to load, and next to no command needs it here
    from talkvalue_cli.imports.submitting.journal import state_dir

    folder = state_dir(environ) / "crashes"
    moment = datetime.fromtimestamp(int(now), times.UTC)
    path = folder / f"{moment:%Y%m%dT%H%M%SZ}-{os.getpid()}.txt"
    files.write(path, text.encode("utf-8", "backslashreplace"))
    for old in sorted(folder.glob("*.txt"))[:-MOST_REPORTS]:
        with suppress(OSError):
            old.unlink()
    return path
