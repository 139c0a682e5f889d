"""The root of the commands, and main(): from arguments to an exit code."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Sequence

import click

from talkvalue_cli import errors, signals
from talkvalue_cli.commands import hints
from talkvalue_cli.commands.base import Group
from talkvalue_cli.commands.path import SUMMARIES
from talkvalue_cli.context import AppContext
from talkvalue_cli.exit_codes import ExitCode, code_of
from talkvalue_cli.output.choice import FORMATS
from talkvalue_cli.output.writer import Output

PROGRAM = "talkvalue"


@click.group(
    PROGRAM,
    cls=Group,
    members={
        "api": "api.call:api_command",
        "auth": "auth.group:auth_group",
        "completion": "completion.command:completion_command",
        "config": "config:config_group",
        "help": "about:help_command",
        "sandbox": "sandbox:sandbox_group",
        "skills": "skills:skills_command",
        "update": "update:update_command",
        "version": "about:version_command",
    },
    aliases={
        "login": "auth.group:login_command",
        "logout": "auth.group:logout_command",
        "whoami": "auth.group:status_command",
    },
    short_paths=SUMMARIES,
)
def root() -> None:
    """Work with TalkValue from the command line.

    Examples:
      talkvalue auth login
      talkvalue channel list
      talkvalue import run contacts.csv --channel Newsletter --mode SKIP

    Exit codes: 0 done, 1 error, 2 usage, 3 authentication, 4 not found,
    5 forbidden; of an import that was waited for: 6 partial success, 7 failed,
    8 status unknown, 124 timed out, 128 + n for signal n.

    TALKVALUE_TOKEN is an API token, which takes precedence over a sign-in.
    `talkvalue help` lists topics, such as environment, exit-codes and mapping.
    """


@root.group("path", package="path")
def path_group() -> None:
    """Work with people, and with what they belong to.

    Examples:
      talkvalue path overview
      talkvalue path person list --keyword ada
      talkvalue path import list
    """


def main(argv: Sequence[str], context: AppContext | None = None) -> int:
    """Run a command line and return its exit code; the only place that turns errors into one.

    context: for tests; by default one with the streams and environment of the process.
    """
    context = context or AppContext.of_process(argv)
    if "_TALKVALUE_COMPLETE" in context.environ:
        return _complete(context)
    try:
        return _run(argv, context)
    except Exception as error:  # noqa: BLE001 - the last resort
        return _report_crash(context, error)


def _run(argv: Sequence[str], context: AppContext) -> int:
    """Run a command line, and return its exit code, also that of every error that is foreseen."""
    try:
        # not root.main(): it would end the process by itself when a pipe breaks
        with (
            signals.watch(),
            root.make_context(PROGRAM, list(argv), obj=context) as ctx,
        ):
            return int(root.invoke(ctx) or 0)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except errors.TalkValueError as error:
        if isinstance(error, errors.StoppedError):
            _leave_line(context, error.signum)
        return _report(context, error)
    except click.ClickException as error:
        return _report(context, _usage_error(error))
    except errors.Interrupted as interrupt:
        _leave_line(context, interrupt.signum)
        return code_of(interrupt)
    except BrokenPipeError as error:
        return code_of(error)
    except MemoryError:
        return _report(context, errors.TalkValueError("there is not enough memory", code="MEMORY"))
    except OSError as error:
        # Click itself writes the help; an error of a file has the file's name
        where = error.filename or "cannot write the output"
        code = None if error.filename else "STDOUT"
        return _report(
            context, errors.LocalFileError(f"{where}: {error.strerror or error}", code=code)
        )
    finally:
        # another signal ends only this, and the one after it the process
        with contextlib.suppress(errors.Interrupted), signals.watch(), signals.point():
            context.settle()


def _leave_line(context: AppContext, signum: int) -> None:
    """Begin a line: what comes next, such as the prompt of a shell, is not to stand behind ^C."""
    output = _find_output(context)
    if output.has_reader and signum == signal.SIGINT:
        output.write_error("\n")


def _complete(context: AppContext) -> int:
    """Answer a shell that completes a line; with nothing when anything goes wrong."""
    with contextlib.suppress(Exception, KeyboardInterrupt):
        from talkvalue_cli.commands.completion import protocol

        context.output.write(protocol.answer(root, context.environ))
    return ExitCode.OK


def _report(context: AppContext, error: errors.TalkValueError) -> int:
    """Print an error in the format of the command line, and return its code."""
    _find_output(context).error(hints.complete(context, error))
    return code_of(error)


def _report_crash(context: AppContext, error: Exception) -> int:
    """Print an error that nobody foresaw, without its traceback unless that is wanted."""
    # slow to load, and hardly ever needed
    from talkvalue_cli import crash

    output = _find_output(context)
    output.clear_line()
    now = context.wall_clock()
    found = crash.describe(error, context.argv, context.environ, now, output.redact)
    if context.flags.verbose:
        output.note(found.report)
    output.error(found.error)
    return ExitCode.GENERAL


def _find_output(context: AppContext) -> Output:
    """Return the command's output; when the arguments were wrong, one that does what it can."""
    _read_format(context)
    try:
        return context.output
    except errors.UsageError:
        context.flags.format = None
        return context.output


def _read_format(context: AppContext) -> None:
    """Find the format in arguments that could not be parsed to their end."""
    words = list(context.argv)
    if "--" in words:
        words = words[: words.index("--")]
    for word, following in zip(words, [*words, ""][1:], strict=True):
        name, _, value = word.partition("=")
        if word == "--json":
            context.flags.json = True
        elif name == "--format":
            context.flags.format = value or following
        elif name == "-o" and (value or following).lower() in FORMATS:
            # of a few commands it is the file to write
            context.flags.format = value or following
        elif word in ("-q", "--quiet"):
            context.flags.quiet = True
        elif word == "--no-color":
            context.flags.no_color = True


def _usage_error(error: click.ClickException) -> errors.TalkValueError:
    """Return a mistake that Click found as one of ours."""
    ctx = getattr(error, "ctx", None)
    usage = f"{ctx.command_path} --help shows how it is used" if ctx else None
    return errors.UsageError(error.format_message(), hint=getattr(error, "hint", "") or usage)
