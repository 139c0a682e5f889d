"""The root of the commands, and main(): from arguments to an exit code."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from talkvalue_cli import signals
from talkvalue_cli.commands.base import Group
from talkvalue_cli.errors import (
    ExitCode,
    Interrupted,
    LocalFileError,
    TalkValueError,
    UsageError,
)
from talkvalue_cli.output import Output
from talkvalue_cli.runtime import Runtime

PROGRAM = "talkvalue"


@click.group(
    PROGRAM,
    cls=Group,
    members={
        "api": "api_call:api_command",
        "auth": "auth:auth_group",
        "completion": "completion:completion_command",
        "config": "config:config_group",
        "help": "about:help_command",
        "sandbox": "sandbox:sandbox_group",
        "update": "update:update_command",
        "version": "about:version_command",
    },
)
def root() -> None:
    """Work with TalkValue from the command line.

    \b
    Examples:
      talkvalue auth login
      talkvalue path channel list
      talkvalue path import get 4218 --wait

    Exit codes: 0 done, 1 error, 2 usage, 3 authentication, 4 not found,
    5 forbidden; of an import that was waited for: 6 partial success, 7 failed,
    8 not finished as far as we know, 124 deadline, 128 + n for signal n.
    """


@root.group("path", package="path")
def path_group() -> None:
    """Work with people, and with what they belong to.

    \b
    Examples:
      talkvalue path overview
      talkvalue path person list --keyword ada
      talkvalue path import list
    """


def run() -> NoReturn:
    """Be the `talkvalue` command."""
    code = main(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    # taking the interpreter apart would be a tenth of a short command's time, for nothing
    os._exit(code)


def main(argv: Sequence[str], runtime: Runtime | None = None) -> int:
    """Run a command line and return its exit code; the only place that turns errors into one.

    runtime: for tests; by default one with the streams and environment of the process.
    """
    if runtime is None:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                # whatever the locale says: JSON is UTF-8, and so are names of people
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        runtime = Runtime(argv, os.environ, sys.stdin, sys.stdout, sys.stderr)
    if "_TALKVALUE_COMPLETE" in runtime.environ:
        return _complete(runtime)
    try:
        # not root.main(): it would end the process by itself when a pipe breaks
        with (
            signals.as_exceptions(),
            root.make_context(PROGRAM, list(argv), obj=runtime) as context,
        ):
            return int(root.invoke(context) or 0)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except TalkValueError as error:
        return _report(runtime, error)
    except click.ClickException as error:
        return _report(runtime, _usage_error(error))
    except Interrupted as interrupt:
        return interrupt.exit_code
    except BrokenPipeError:
        return ExitCode.SIGPIPE
    except OSError as error:
        # Click itself writes the help; an error of a file has the file's name
        where = error.filename or "cannot write the output"
        return _report(runtime, LocalFileError(f"{where}: {error.strerror or error}"))
    finally:
        # another signal ends only this, and the one after it the process
        with contextlib.suppress(Interrupted), signals.as_exceptions():
            runtime.settle()


def _complete(runtime: Runtime) -> int:
    """Answer a shell that completes a line; with nothing when anything goes wrong."""
    with contextlib.suppress(Exception, KeyboardInterrupt):
        from talkvalue_cli.commands import completing

        runtime.output.write(completing.answer(root, runtime.environ))
    return ExitCode.OK


def _report(runtime: Runtime, error: TalkValueError) -> int:
    """Print an error in the format of the command line, and return its code."""
    _find_output(runtime).error(error)
    return error.exit_code


def _find_output(runtime: Runtime) -> Output:
    """Return the command's output; when the arguments were wrong, one that does what it can."""
    _read_format(runtime)
    try:
        return runtime.output
    except UsageError:
        runtime.flags.json = True
        return runtime.output


def _read_format(runtime: Runtime) -> None:
    """Find the format in arguments that could not be parsed to their end."""
    words = list(runtime.argv)
    if "--" in words:
        words = words[: words.index("--")]
    for word, following in zip(words, [*words, ""][1:], strict=True):
        name, _, value = word.partition("=")
        if word == "--json":
            runtime.flags.json = True
        elif name == "--format":
            runtime.flags.format = value or following
        elif word == "--no-color":
            runtime.flags.no_color = True


def _usage_error(error: click.ClickException) -> TalkValueError:
    """Return a mistake that Click found as one of ours."""
    context = getattr(error, "ctx", None)
    hint = f"{context.command_path} --help shows how it is used" if context else None
    message = error.format_message()
    if isinstance(error, click.exceptions.NoArgsIsHelpError) and context:
        # Click's message is the whole help, which only people want to see
        members = ", ".join(context.command.list_commands(context))
        message = f"{context.command_path} needs a command: {members}"
    return UsageError(message, hint=hint)
