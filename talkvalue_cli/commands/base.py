"""Command and Group: the Click classes that carry the global options and our argument rules."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import click

from talkvalue_cli import __version__, signals
from talkvalue_cli.context import AppContext
from talkvalue_cli.exit_codes import ExitCode
from talkvalue_cli.output.writer import FORMATS

pass_context = click.make_pass_decorator(AppContext)

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 96}


def _remember(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """Keep a global option that was given here, without forgetting one given before."""
    if param.name and ctx.get_parameter_source(param.name) is not _DEFAULT:
        setattr(_find_context(ctx).flags, param.name, value)
    return value


def _read_query(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    """Keep the expression that was given here, parsed. Raises UsageError for a wrong one."""
    if value is not None and not ctx.resilient_parsing:
        from talkvalue_cli.output.query import Query

        _find_context(ctx).flags.query = Query(value)


_DEFAULT = click.core.ParameterSource.DEFAULT


def _find_context(ctx: click.Context) -> AppContext:
    context = ctx.find_object(AppContext)
    assert context is not None, "main() puts it into the context"
    return context


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        _find_context(ctx).output.write(f"{__version__}\n")
        ctx.exit(0)


def _complete_formats(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in FORMATS if name.startswith(incomplete.lower())]


def _complete_profiles(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    profiles = _find_context(ctx).config_file.profiles
    return [name for name in profiles if name.startswith(incomplete)]


def _global_options(taken: Collection[str]) -> list[click.Option]:
    """Return the options of every command; taken: the names of those that it has by itself."""
    short = () if "-o" in taken else ("-o",)
    return [
        GlobalOption(
            (*short, "--format"),
            "json, table or csv; by default a table on a terminal and JSON in a pipe.",
            metavar="FORMAT",
            shell_complete=_complete_formats,
        ),
        GlobalOption("--json", "The same as --format json; wins over it.", is_flag=True),
        GlobalOption(
            "--query",
            "Print this part of the JSON's data, named by a JMESPath expression: values bare.",
            metavar="EXPR",
            callback=_read_query,
        ),
        GlobalOption(
            "--profile",
            "Stored profile to use.",
            metavar="NAME",
            shell_complete=_complete_profiles,
        ),
        GlobalOption("--api-url", "Base URL of the API.", metavar="URL"),
        GlobalOption("--no-color", "No colour, whatever the terminal.", is_flag=True),
        GlobalOption(
            "--verbose",
            "Show requests and answers on standard error, without secrets.",
            is_flag=True,
        ),
        click.Option(
            ["-V", "--version"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_print_version,
            help="Print the version and do nothing else.",
        ),
    ]


#: options of every command that do not go to the AppContext's flags
_EVERYWHERE = frozenset({"--version", "--help"})


class GlobalOption(click.Option):
    """An option that every command takes, and that goes to the AppContext's flags."""

    def __init__(self, names: str | Sequence[str], help: str, **settings: Any) -> None:
        decls = [names] if isinstance(names, str) else names
        settings = {"callback": _remember, **settings}
        super().__init__(decls, help=help, expose_value=False, **settings)


def keep_examples(text: str | None) -> str | None:
    """Return a help text in which Click leaves lists of examples as they are.

    Such a list is a line with a colon at its end, and lines that are indented
    more. Click wraps all paragraphs that do not begin with a mark of its own.
    """
    return text and re.sub(r"(?<=\n\n)(?=\S.*:\n )", "\b\n", inspect.cleandoc(text))


def _check_text(value: Any, param: click.Parameter, ctx: click.Context) -> None:
    """Raise click.BadParameter for text that is not UTF-8, which no request can carry."""
    if isinstance(value, str) and not value.startswith("@"):  # @ begins the name of a file
        try:
            value.encode()
        except UnicodeEncodeError:
            raise click.BadParameter(f"{value!r} is not UTF-8 text", ctx, param) from None
    elif isinstance(value, (list, tuple)):
        for item in value:
            _check_text(item, param, ctx)


class Command(click.Command):
    """A command, or a group of them, that takes the global options too."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        settings["context_settings"] = {**_CONTEXT, **settings.get("context_settings", {})}
        settings["help"] = keep_examples(settings.get("help"))
        super().__init__(*args, **settings)
        self.params += _global_options({name for param in self.params for name in param.opts})

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments after tidying them; text has to be text."""
        try:
            rest = super().parse_args(ctx, tidy_arguments(ctx, self.get_params(ctx), args))
            for param in self.params:
                # the name of a file may be anything, and so may what another program is told
                if not isinstance(param.type, (click.Path, type(click.UNPROCESSED))):
                    _check_text(ctx.params.get(param.name or ""), param, ctx)
            return rest
        except click.UsageError as error:
            # Click's parser does not say which command it is about
            error.ctx = error.ctx or ctx
            raise

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command's own options, then the global ones."""
        records: dict[bool, list[tuple[str, str]]] = {False: [], True: []}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx) if isinstance(param, click.Option) else None
            if record is not None:
                # Click makes --help itself, and its name for it is not "help"
                is_global = isinstance(param, GlobalOption) or bool(_EVERYWHERE & {*param.opts})
                records[is_global].append(record)
        for is_global, title in ((False, "Options"), (True, "Global options")):
            if records[is_global]:
                with formatter.section(title):
                    formatter.write_dl(records[is_global])


def new_command(name: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a command of a function that gets the AppContext first."""
    make = click.command(name, cls=Command)
    return lambda function: make(pass_context(function))


class Group(Command, click.Group):
    """A group whose members are imported when they are used.

    members: name of each member → "module:attribute" below talkvalue_cli.commands.
    package: a package there; each of its modules is a member too, with its `group`.
    """

    command_class = Command

    def __init__(
        self,
        *args: Any,
        members: Mapping[str, str] | None = None,
        package: str | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(*args, **settings)
        self._members = {**(_find_members(package) if package else {}), **(members or {})}

    def command(  # type: ignore[override]  # Click's can do without the parentheses, too
        self, *args: Any, **settings: Any
    ) -> Callable[[Callable[..., Any]], click.Command]:
        """Add a command whose function gets the AppContext first."""
        add = super().command(*args, **settings)
        return lambda function: add(pass_context(function))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in alphabetical order."""
        return sorted({*self._members, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a member, imported if it has to be."""
        if cmd_name in self._members:
            module, _, attribute = self._members[cmd_name].partition(":")
            with signals.point():
                found = importlib.import_module(f"talkvalue_cli.commands.{module}")
            command: click.Command = getattr(found, attribute)
            return command
        return super().get_command(ctx, cmd_name)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; without any, print the help.

        Of the root that is an answer. Of a group below it is an error, so that
        a script with an empty variable fails.
        """
        if args or not self.no_args_is_help or ctx.resilient_parsing:
            return super().parse_args(ctx, args)
        output, is_root = _find_context(ctx).output, ctx.parent is None
        write = output.write if is_root else output.write_error
        write(ctx.get_help() + "\n")
        raise click.exceptions.Exit(ExitCode.OK if is_root else ExitCode.USAGE)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        Command.format_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)


Group.group_class = Group


def _find_members(package: str) -> dict[str, str]:
    """Return the modules of a package by the names that users type, without importing them."""
    folder = importlib.import_module(f"talkvalue_cli.commands.{package}")
    return {
        module.name.rstrip("_").replace("_", "-"): f"{package}.{module.name}:group"
        for module in pkgutil.iter_modules(folder.__path__)
    }


class OptionalValue(click.Option):
    """An option whose value may be left out.

    A whole number behind it is not taken for its value: `--failed-rows 4218`
    is an option and an id.
    """


def tidy_arguments(
    ctx: click.Context, params: Sequence[click.Parameter], args: list[str]
) -> list[str]:
    """Return the arguments with what Click would misread put right.

    `-n=foo` means foo, not =foo. An option that wants a value does not take
    another option of the command for it. Options of a group end at the name of
    its member.
    """
    options = {
        name: param
        for param in params
        if isinstance(param, click.Option)
        for name in param.opts + param.secondary_opts
    }
    tidy: list[str] = []
    rest = list(args)
    while rest:
        token = rest.pop(0)
        if token == "--" or (not _is_option(token) and not ctx.allow_interspersed_args):
            return [*tidy, token, *rest]
        option = options.get(token)
        if option is None and token[2:3] == "=" and token[:2] in options:
            tidy += [token[:2], token[3:]]
        elif isinstance(option, OptionalValue):
            has_value = bool(rest) and not _is_option(rest[0]) and not rest[0].isdigit()
            tidy.append(f"{token}={rest.pop(0) if has_value else ''}")
        elif option is None or option.is_flag or option.count or not rest:
            tidy.append(token)
        elif rest[0].partition("=")[0] in options:
            raise click.BadOptionUsage(
                token,
                f"Option '{token}' requires an argument. "
                f"(If {rest[0]!r} is meant as one: {token}={rest[0]})",
                ctx,
            )
        else:
            tidy += [token, rest.pop(0)]
    return tidy


def _is_option(token: str) -> bool:
    return token.startswith("-") and token != "-"
