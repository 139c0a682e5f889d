"""Running a command line in this process, with the server faked at the transport."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from talkvalue_cli import cli
from tests.fakes import FakeRuntime, FakeStream

API = "https://api.test"
ENVIRON = {
    "HOME": os.devnull,
    "TALKVALUE_TOKEN": "token-of-this-test",
    "TALKVALUE_API_URL": API,
    "NO_COLOR": "1",
}


class Done(NamedTuple):
    """What a command line did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        return json.loads(self.err)["error"]


def run(
    line: str,
    *more: str,
    types: str | None = None,
    environ: Mapping[str, str] = ENVIRON,
    **settings: Any,
) -> Done:
    """Run a command line.

    line: words between blanks; more: further ones as they are.
    types: what somebody at a terminal types; None is not a terminal.
    settings: as FakeRuntime takes them.
    """
    argv = [*line.split(), *more]
    context = FakeRuntime(argv, environ, **settings)
    if types is not None:
        context.stdin = FakeStream(types, is_terminal=True)
        context.fake_stderr = FakeStream(is_terminal=True)
        context.stderr = context.fake_stderr
    code = cli.main(argv, context)
    return Done(code, context.fake_stdout.text, context.fake_stderr.text)


def refuse(line: str, *more: str) -> tuple[str, str]:
    """Return the message and the hint of a wrong line; more: words behind it as they are."""
    done = run(line, *more)
    assert (done.code, done.out) == (2, "")
    return done.error["message"], done.error.get("hint", "")
