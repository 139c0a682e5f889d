"""`talkvalue sandbox`: a TalkValue server of one's own, for trying things out and for tests."""

from __future__ import annotations

import importlib.util
import json
import os
import queue
import re
import shlex
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from talkvalue_cli import files, signals
from talkvalue_cli.commands.base import Group
from talkvalue_cli.commands.options.groups import Decorator, flag, hand_over, option, with_option
from talkvalue_cli.commands.options.types import ParsedType
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import Interrupted, ProgramError, TalkValueError

if TYPE_CHECKING:  # which the list of commands, where this is loaded, does without
    from subprocess import Popen

#: the server is started by name: the client shares no code with it
SERVER_MODULE = "talkvalue_cli.sandbox"
SERVER_NEEDS = ("flask", "msgspec", "waitress")
TOKEN_VARIABLE = "TALKVALUE_SANDBOX_TOKEN"
SANDBOX_VARIABLE = "TALKVALUE_SANDBOX"
DEFAULT_TOKEN = "sandbox-token"
NO_KEYRING = "keyring.backends.fail.Keyring"
#: what shells return for a command that is not found, and for one that cannot be run
NOT_FOUND, NOT_EXECUTABLE = 127, 126
LAST_PORT = 65535
#: a command that was told to stop has this long to do so, in seconds
STOP_S = 10.0


@click.group("sandbox", cls=Group)
def sandbox_group() -> None:
    """Run a local TalkValue-compatible server with made-up data.

    TALKVALUE_SANDBOX_TOKEN is the token that it accepts. TALKVALUE_SANDBOX in the
    environment leaves out the reminder that the data is made up.

    Examples:
      talkvalue sandbox serve
      talkvalue sandbox run -- talkvalue path channel list
    """


def _arguments(options: dict[str, Any]) -> list[str]:
    """Return the options as arguments of the server."""
    arguments = []
    for option_name, value in options.items():
        name = f"--{option_name.replace('_', '-')}"
        if value is True:
            arguments.append(name)
        elif value is not None and value is not False:
            each = value if isinstance(value, tuple) else (value,)
            arguments += [f"{name}={one}" for one in each]
    return arguments


class _Port(ParsedType[int]):
    """A number of a TCP port, or 0."""

    name = "port"

    def _parse(self, text: str) -> int:
        if not (re.fullmatch("[0-9]{1,5}", text) and int(text) <= LAST_PORT):
            raise ValueError(f"{text!r} must be a number from 0 to {LAST_PORT}")
        return int(text)


def _server_options(default_port: int) -> Decorator:
    """Add the options of the server, and hand them to the function as a list of `arguments`."""
    options = (
        option("--host", "Address to listen on.", default="127.0.0.1", show_default=True),
        option(
            "--port",
            "Port to listen on; 0 is a free one.",
            type=_Port(),
            default=default_port,
            show_default=bool(default_port),
        ),
        option(
            "--db",
            "Keep the data in this file; by default it is not kept.",
            type=click.Path(),
            metavar="FILE",
        ),
        option(
            "--rows-per-second",
            "Pace of each import; as fast as it can by default.",
            type=float,
            metavar="N",
        ),
        option("--seed", "Choose the made-up data and faults.", type=int, metavar="N"),
        option(
            "--fault",
            "Something that goes wrong, such as 503=0.1; `talkvalue help sandbox`.",
            multiple=True,
            metavar="SPEC",
        ),
        flag("--auto-approve", "Approve each sign-in at once."),
        _seconds("--token-life", "How long an access token lasts; 300 by default."),
        _seconds("--device-life", "How long a sign-in may take; 600 by default."),
        _seconds("--device-interval", "Pause between polls of a sign-in; 5 by default."),
    )
    return hand_over("arguments", options, _arguments)


def _seconds(name: str, help: str) -> click.Option:
    return option(name, help, type=int, metavar="SECONDS")


no_token_option = with_option(
    "--no-token", "Leave TALKVALUE_TOKEN out, so as to sign in.", is_flag=True
)


@sandbox_group.command("serve")
@_server_options(8787)
@no_token_option
def serve_command(context: AppContext, no_token: bool, arguments: list[str]) -> int:
    """Serve until Ctrl-C, and print what to paste into another shell.

    Examples:
      talkvalue sandbox serve
      talkvalue sandbox serve --db sandbox.db --rows-per-second 100
      talkvalue sandbox serve --fault 503=0.2 --fault latency=0.5
    """
    with _server(context, arguments) as (server, url):
        exports = _variables(context, url, has_token=not no_token)
        lines = [f"export {name}={shlex.quote(value)}\n" for name, value in exports.items()]
        context.output.write("".join([f"{url}\n", *lines]))
        with signals.point():
            return server.wait()


@sandbox_group.command("run", context_settings={"allow_interspersed_args": False})
@_server_options(0)
@no_token_option
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND...")
def run_command(
    context: AppContext, command: Sequence[str], no_token: bool, arguments: list[str]
) -> int:
    """Run a command against a server that lives as long as it does.

    The command finds TALKVALUE_API_URL, TALKVALUE_AUTH_API_URL and TALKVALUE_TOKEN
    in its environment, and its exit code is passed on. With --no-token it finds
    an empty config folder instead of yours, and signs in to the server.

    Examples:
      talkvalue sandbox run -- talkvalue path channel list
      talkvalue sandbox run --rows-per-second 100 -- sh -c 'talkvalue path import list'
    """
    import subprocess

    with _server(context, arguments) as (_, url), files.temporary_folder() as folder:
        environ = {
            **context.environ,
            # who runs it knows that the data is made up, and need not hear it from each command
            SANDBOX_VARIABLE: "1",
            **_bypass_proxies(context, url),
            **_variables(context, url, has_token=not no_token),
        }
        if no_token:
            for name in ("TALKVALUE_TOKEN", "TALKVALUE_PROFILE"):
                environ.pop(name, None)
            # whoever signs in here keeps their own session, and does not send it here
            environ |= {"XDG_CONFIG_HOME": folder, "PYTHON_KEYRING_BACKEND": NO_KEYRING}
        try:
            process = subprocess.Popen(command, env=environ)
        except OSError as error:
            code = NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE
            message = f"cannot run {command[0]}: {error.strerror}"
            is_line = len(command) == 1 and " " in command[0] and code == NOT_FOUND
            hint = f"leave the quotes out: talkvalue sandbox run -- {command[0]}"
            hints = {"hint": hint} if is_line else {}
            raise ProgramError(message, code, code="COMMAND", **hints) from error
        return _outlast(process)


def _variables(context: AppContext, url: str, *, has_token: bool) -> dict[str, str]:
    """Return the variables that lead to a server: that of the API signs in as well."""
    variables = {"TALKVALUE_API_URL": url, "TALKVALUE_AUTH_API_URL": url}
    if has_token:
        variables["TALKVALUE_TOKEN"] = context.environ.get(TOKEN_VARIABLE, DEFAULT_TOKEN)
    return variables


def _bypass_proxies(context: AppContext, url: str) -> dict[str, str]:
    """Return the variables that keep requests to a server of this machine from a proxy."""
    # some programs know only one of them
    names = ("no_proxy", "NO_PROXY")
    before = next(filter(None, map(context.environ.get, names)), None)
    return dict.fromkeys(names, ",".join(filter(None, (before, urlsplit(url).hostname))))


@contextmanager
def _server(context: AppContext, arguments: Sequence[str]) -> Iterator[tuple[Popen[str], str]]:
    """Start a server, and yield its process and URL; it is stopped in the end.

    It watches its standard input, which ends with this process however that
    dies, so that no server is left behind.
    """
    import subprocess

    if not all(map(importlib.util.find_spec, SERVER_NEEDS)):
        raise TalkValueError(
            "the sandbox is not installed",
            code="NOT_INSTALLED",
            hint="pip install '.[sandbox]' in the folder of the clone installs it",
        )
    server = subprocess.Popen(
        [sys.executable, "-m", SERVER_MODULE, *arguments, "--exit-with-stdin", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=dict(context.environ),
        # Ctrl-C is for this process, which then stops the server in order
        start_new_session=True,
    )
    assert server.stdin is not None and server.stdout is not None
    with server:
        try:
            with signals.point():
                line = server.stdout.readline()
            yield server, _read_url(context, server, line)
        finally:
            server.terminate()


def _read_url(context: AppContext, server: Popen[str], line: str) -> str:
    """Return the URL of a server from the line of JSON that it begins with; pass a warning on.

    Raises click.BadParameter for an option that the server does not take, and ProgramError.
    """
    said: dict[str, str] = json.loads(line or "{}")
    if said.get("option"):
        raise click.BadParameter(f"{said['error']}.", param_hint=f"'{said['option']}'")
    if "url" not in said:
        message = said.get("error", "the sandbox did not start")
        raise ProgramError(message, server.wait(), code="SANDBOX")
    if "warning" in said:
        context.output.warn(said["warning"])
    return said["url"]


def _outlast(process: Popen[bytes]) -> int:
    """Wait for a command and return its exit code as a shell does; pass a signal on to it."""
    # a signal in the middle of its wait() may leave a threading.Event locked
    codes: queue.SimpleQueue[int] = queue.SimpleQueue()
    # in a thread: a signal in the middle of process.wait() would lose the code for good
    threading.Thread(target=lambda: codes.put(process.wait()), daemon=True).start()
    try:
        with signals.point():
            code = codes.get()
    except Interrupted as interrupt:
        with suppress(ProcessLookupError):
            # a terminal sends SIGINT to the whole group: the command has it already
            if interrupt.signum != signal.SIGINT or not any(map(os.isatty, (0, 1, 2))):
                process.send_signal(interrupt.signum)
        try:
            code = codes.get(timeout=STOP_S)
        except queue.Empty:
            process.kill()
            code = codes.get()
    return 128 - code if code < 0 else code
