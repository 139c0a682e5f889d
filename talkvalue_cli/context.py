"""AppContext: joins settings, client, output and clock; each is built when it is first used."""

from __future__ import annotations

import io
import os
import random
import shlex
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TextIO

from talkvalue_cli import signals, state, streams
from talkvalue_cli.clock import Clock, SystemClock
from talkvalue_cli.config.file import ConfigFile, Profile
from talkvalue_cli.config.settings import (
    Setting,
    Settings,
    check_api_url,
    config_dir,
    find_api_url,
    find_auth_url,
    is_cleartext,
    load,
)
from talkvalue_cli.errors import AuthError, UsageError
from talkvalue_cli.output.choice import choose_error_format, choose_format
from talkvalue_cli.output.writer import Output

if TYPE_CHECKING:
    from talkvalue_cli.auth.oauth import OAuthServer
    from talkvalue_cli.auth.session import SessionAuth
    from talkvalue_cli.auth.store import TokenStore
    from talkvalue_cli.output.query import Query
    from talkvalue_cli.transport.client import Client
    from talkvalue_cli.transport.session import BearerAuth, NoAuth, Session

#: how long a renewal of the session may keep the process from ending, in seconds
#: (one may take longer, but the deadline of a wait and a signal are to be kept as well)
SETTLE_S = 5.0


class Flags:
    """The global options, as far as the command line sets them."""

    format: str | None = None
    json: bool = False
    profile: str | None = None
    api_url: str | None = None
    #: what says api_url
    api_url_name = "--api-url"
    no_color: bool = False
    verbose: bool = False
    query: Query | None = None
    #: nobody named a format by --quiet, but what is printed is for people
    quiet: bool = False
    #: of the commands that use a journal
    journal: str | None = None

    @property
    def named_format(self) -> str | None:
        """The format that the command line names, None where it leaves it to the streams."""
        return "json" if self.json else self.format


class AppContext:
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
        self.clock: Clock = SystemClock(signals.sleep)
        self.wall_clock: Callable[[], float] = time.time
        self.random = random.Random()
        #: a sandbox has answered, whose data is made up
        self.is_sandbox = False

    @classmethod
    def of_process(cls, argv: Sequence[str]) -> AppContext:
        """Return one with the streams and the environment of this process."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                # whatever the locale says: JSON is UTF-8, and so are names of people
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        stdin = streams.make_interruptible(sys.stdin)
        return cls(argv, os.environ, stdin, sys.stdout, sys.stderr)

    @cached_property
    def program(self) -> str:
        """What to type for this program."""
        return program_name()

    @cached_property
    def output(self) -> Output:
        """The streams and the formats. Raises UsageError for a format that cannot be had."""
        flags, stdout, stderr = self.flags, self.stdout, self.stderr
        named = flags.named_format
        format = choose_format(named or ("table" if flags.quiet else None), stdout)
        if flags.query is not None and named is not None and format != "json":
            raise UsageError(
                f"--query prints values or JSON, so --format {format} does not go with it"
            )
        return Output(
            stdout,
            stderr,
            self.environ,
            format=format,
            error_format=choose_error_format(
                named, is_quiet=flags.quiet, stdout=stdout, stderr=stderr
            ),
            query=flags.query,
            no_color=flags.no_color,
            wall_clock=lambda: self.wall_clock(),
        )

    @cached_property
    def config_file(self) -> ConfigFile:
        """The config file, read when something of it is needed."""
        return ConfigFile(config_dir(self.environ))

    @cached_property
    def settings(self) -> Settings:
        """URL, profile and token in force. Raises UsageError or TalkValueError."""
        settings = load(
            self.environ, self.config_file, api_url=self.flags.api_url, profile=self.flags.profile
        )
        self.output.keep_secret(settings.token or "")
        return settings

    @property
    def api_url_setting(self) -> Setting:
        """The API's URL, and where it comes from."""
        profile = self.settings.profile
        return find_api_url(self.environ, self.config_file, self.flags.api_url, profile)

    @property
    def auth_url_setting(self) -> Setting:
        """The OAuth server's URL, and where it comes from. Raises UsageError."""
        chosen = self.settings
        return find_auth_url(self.environ, self.config_file, chosen.profile, chosen.api_url)

    @property
    def profile(self) -> Profile:
        """The profile whose session is in use. Raises AuthError when there is none."""
        name = self.settings.profile
        if not name or self.settings.token is not None:
            raise AuthError(
                "not logged in",
                hint="set TALKVALUE_TOKEN to an API token from the dashboard settings, or "
                "sign in:\n"
                f"{self.program} auth login",
            )
        if name not in self.config_file.profiles:
            known = ", ".join(sorted(self.config_file.profiles))
            raise AuthError(
                f"there is no profile {name!r}" + (f"; there are {known}" if known else ""),
                hint=self.describe_login(name),
            )
        return self.config_file.profiles[name]

    @cached_property
    def token_store(self) -> TokenStore:
        """Where sessions are kept. Nothing is read before it is asked."""
        from talkvalue_cli.auth.store import TokenStore

        return TokenStore(self.config_file.path.parent)

    @cached_property
    def oauth_server(self) -> OAuthServer:
        """The server that begins and renews sessions. Raises UsageError for an unusable URL."""
        with signals.point():
            from talkvalue_cli.auth.oauth import OAuthServer
            from talkvalue_cli.transport.session import NoAuth

        url = self.auth_url_setting.value
        self._warn_of_cleartext(url)
        return OAuthServer(
            self.make_session(NoAuth()),
            url,
            self.config_file.text("client_id"),
            tell=self.output.note if self.flags.verbose else lambda line: None,
        )

    @cached_property
    def auth(self) -> BearerAuth:
        """The token that requests carry. Raises AuthError when there is none."""
        if self.settings.token:
            with signals.point():
                from talkvalue_cli.transport.session import BearerAuth

            return BearerAuth(self.settings.token)
        return self.session

    @cached_property
    def session(self) -> SessionAuth:
        """The stored session of the profile in use. Raises AuthError when there is none."""
        with signals.point():
            from talkvalue_cli.auth.session import SessionAuth

        profile = self.profile
        self._keep_at_home(profile)
        hint = self.describe_login(profile.name)
        tokens = self.token_store.load(profile.name, profile.org_id)
        if tokens is None:
            raise AuthError(f"the session of profile {profile.name!r} is over", hint=hint)
        return SessionAuth(
            profile,
            tokens,
            self.token_store,
            self.oauth_server,
            hint=hint,
            now=self.wall_clock,
            elapsed=self.clock.now,
            keep_secret=self.output.keep_secret,
            warn=self.output.warn,
        )

    def _keep_at_home(self, profile: Profile) -> None:
        """Raise AuthError where the session of a profile would go to a server of others."""
        url, origin = self.api_url_setting
        home = profile.api_url and check_api_url(profile.api_url, f"profile {profile.name}")
        if home in ("", url):
            return
        if self.flags.api_url is not None:
            origin = self.flags.api_url_name
        login = f"{self.program} {shlex.join(['auth', 'login', '--api-url', url])}"
        raise AuthError(
            f"profile {profile.name!r} is logged in to {home}, and its session is not sent to "
            f"{url} ({origin})",
            hint=f"leave {origin} out, or log in there as well:\n{login}",
        )

    @cached_property
    def client(self) -> Client:
        """Access to the server. Raises AuthError when there is no token."""
        return self.make_client(self.auth, self._organization)

    def make_client(self, auth: BearerAuth, organization: str = "") -> Client:
        """Return access to the server with a token, of an organization if that is known."""
        # the libraries take longer to load than a signal is to wait
        with signals.point():
            from talkvalue_cli.transport.client import Client
            from talkvalue_cli.transport.trace import Trace

        self._warn_of_cleartext(self.settings.api_url)
        verbose = self.output.note if self.flags.verbose else None
        return Client(
            self.make_session(auth),
            self.settings.api_url,
            profile=self.settings.profile,
            organization=organization,
            sleep=self.clock.sleep,
            trace=Trace(
                self._tell_people,
                verbose,
                self.output.redact,
                on_sandbox=self._meet_sandbox,
            ),
        )

    def make_session(self, auth: BearerAuth | NoAuth | None) -> Session:
        """Return a way to servers; all requests of a command go over one of these."""
        from talkvalue_cli.transport.session import make_session

        return make_session(auth)

    def settle(self) -> None:
        """Before the process ends, wait for what would be lost if it were cut off."""
        if "session" in vars(self):
            self.session.settle(SETTLE_S)

    def _warn_of_cleartext(self, url: str) -> None:
        if is_cleartext(url):
            self.output.warn(f"{url} is not https: the token is sent unencrypted")

    @property
    def _organization(self) -> str:
        """The id of the organization that the token belongs to, empty where it is not known."""
        if self.settings.token is None:
            return self.profile.org_id
        from talkvalue_cli.auth.tokens import read_claims, read_text

        return read_text(read_claims(self.settings.token), "org_id")

    def describe_login(self, profile: str) -> str:
        """Return the hint that says how to sign in to a profile again."""
        words = ["auth", "login", "--profile", profile]
        return f"sign in again:\n{self.program} {shlex.join(words)}"

    def _tell_people(self, text: str) -> None:
        """Say something that a person should see, and a log need not."""
        if self.output.has_reader:
            self.output.note(text)

    def _meet_sandbox(self) -> None:
        """Say that the data is made up, once in each session of a shell."""
        self.is_sandbox = True
        if "TALKVALUE_SANDBOX" in self.environ or not self.output.has_reader:
            return
        topic = f"sandbox:{self.settings.api_url}"
        if state.is_first_time(self.environ, topic, self.wall_clock()):
            self.output.note("Note: a sandbox answers; its data is made up")

    def command_line(self, *arguments: str) -> str:
        """Return a command of this program that can be pasted into the same shell.

        It names the server and the profile where this command line did.
        """
        flags = []
        if self.flags.api_url is not None:
            flags += ["--api-url", self.flags.api_url]
        if self.flags.profile is not None:
            flags += ["--profile", self.flags.profile]
        return f"{self.program} {shlex.join([*arguments, *flags])}"


def program_name() -> str:
    """Return how to call this program again: by name where the shell finds it."""
    import shutil  # slow, and only a hint that names a command needs it

    script = sys.argv[0]
    name = os.path.basename(script)
    if name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m talkvalue_cli"
    if os.sep not in script:
        return shlex.quote(name)
    try:
        found = shutil.which(name)
        is_found = found is not None and os.path.realpath(found) == os.path.realpath(script)
        return shlex.quote(name if is_found else os.path.abspath(script))
    except FileNotFoundError:  # the working folder, which it was called from, was removed
        return shlex.quote(script)
