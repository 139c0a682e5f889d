"""Runtime: joins settings, client, output and clock; each is built when it is first used."""

from __future__ import annotations

import os
import random
import shlex
import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TextIO

from talkvalue_cli import config
from talkvalue_cli.errors import AuthError
from talkvalue_cli.output import Output, choose_format
from talkvalue_cli.waiting.clock import Clock, SystemClock

if TYPE_CHECKING:
    from talkvalue_cli.api.client import Client


class Flags:
    """The global options, as far as the command line sets them."""

    format: str | None = None
    json: bool = False
    profile: str | None = None
    api_url: str | None = None
    no_color: bool = False
    verbose: bool = False


class Runtime:
    """What a command works with. Tests replace an attribute before its first use.

    argv: the arguments, without the program.
    """

    def __init__(
        self,
        argv: Sequence[str],
        environ: Mapping[str, str] = os.environ,
        stdin: TextIO | None = None,
        stdout: TextIO | None = None,
        stderr: TextIO | None = None,
    ) -> None:
        self.argv, self.environ = argv, environ
        self.stdin, self.stdout, self.stderr = stdin, stdout, stderr
        self.flags = Flags()
        self.clock: Clock = SystemClock()
        self.wall_clock: Callable[[], float] = time.time
        self.random = random.Random()

    @cached_property
    def output(self) -> Output:
        """The streams and the format. Raises UsageError for an unknown format."""
        return Output(
            self.stdout,
            self.stderr,
            self.environ,
            format=choose_format("json" if self.flags.json else self.flags.format, self.stdout),
            no_color=self.flags.no_color,
        )

    @cached_property
    def settings(self) -> config.Settings:
        """URL, profile and token in force. Raises UsageError or TalkValueError."""
        settings = config.load(self.environ, api_url=self.flags.api_url, profile=self.flags.profile)
        self.output.keep_secret(settings.token)
        return settings

    @cached_property
    def client(self) -> Client:
        """Access to the server. Raises AuthError when there is no token."""
        settings = self.settings
        if not settings.token:
            raise AuthError(
                "not logged in: there is no token",
                hint="set TALKVALUE_TOKEN to an API token from the dashboard settings",
            )
        if config.is_cleartext(settings.api_url):
            self.output.warn(f"{settings.api_url} is not https: the token travels in the clear")
        from talkvalue_cli import transport
        from talkvalue_cli.api.client import Client
        from talkvalue_cli.api.trace import Trace

        verbose = self.output.note if self.flags.verbose else None
        return Client(
            transport.make_session(settings.token),
            settings.api_url,
            sleep=self.clock.sleep,
            observer=Trace(
                self._tell_people,
                verbose,
                self.output.redact,
                is_sandbox_known="TALKVALUE_SANDBOX" in self.environ,
            ),
        )

    def _tell_people(self, text: str) -> None:
        """Say something that a person should see, and a log need not."""
        if self.output.has_reader:
            self.output.note(text)

    def command_line(self, *arguments: str) -> str:
        """Return a command of this program that can be pasted into the same shell.

        It names the server and the profile where this command line did.
        """
        flags = []
        if self.flags.api_url is not None:
            flags += ["--api-url", self.flags.api_url]
        if self.flags.profile is not None:
            flags += ["--profile", self.flags.profile]
        return f"{program_name()} {shlex.join([*arguments, *flags])}"


def program_name() -> str:
    """Return how to call this program again: by name where the shell finds it."""
    script = sys.argv[0]
    if os.path.basename(script) == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m talkvalue_cli"
    found = shutil.which(os.path.basename(script))
    if os.sep not in script or (found and os.path.realpath(found) == os.path.realpath(script)):
        return shlex.quote(os.path.basename(script))
    return shlex.quote(os.path.abspath(script))
