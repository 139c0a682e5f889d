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
from talkvalue_cli.commands.arguments import check_text, tidy_arguments
from talkvalue_cli.commands.options import names
from talkvalue_cli.commands.options.groups import WordOption, take_words
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import NotFoundError
from talkvalue_cli.exit_codes import ExitCode
from talkvalue_cli.output.choice import FORMATS

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


def _answering(find_text: Callable[[click.Context], str]) -> Callable[..., None]:
    """Return what prints a text in the place of a command; an error where nobody can read it."""

    def answer(ctx: click.Context, param: click.Parameter, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            context = _find_context(ctx)
            context.flags.format = None  # which may be a wrong one
            context.output.write(f"{find_text(ctx)}\n")
            ctx.exit(0)

    return answer


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
            "Stored profile to use; or TALKVALUE_PROFILE.",
            metavar="NAME",
            shell_complete=_complete_profiles,
        ),
        GlobalOption("--api-url", "Base URL of the API; or TALKVALUE_API_URL.", metavar="URL"),
        GlobalOption("--no-color", "No colour, whatever the terminal; or NO_COLOR.", is_flag=True),
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
            callback=_answering(lambda ctx: __version__),
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


class Command(click.Command):
    """A command, or a group of them, that takes the global options too.

    sections: the headings of its help, and of that of its members, with the names of the
    parameters below each.
    """

    def __init__(
        self, *args: Any, sections: Mapping[str, Sequence[str]] | None = None, **settings: Any
    ) -> None:
        self.sections = sections or {}
        params = settings.get("params") or []
        words = [each.argument for each in params if isinstance(each, WordOption)]
        settings["params"] = [*params, *words]
        settings["context_settings"] = {**_CONTEXT, **settings.get("context_settings", {})}
        settings["help"] = keep_examples(settings.get("help"))
        super().__init__(*args, **settings)
        self.params += _global_options({name for param in self.params for name in param.opts})

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments after tidying them; text has to be text."""
        tidy = args
        try:
            tidy = tidy_arguments(ctx, self.get_params(ctx), args)
            rest = super().parse_args(ctx, list(tidy))
            self._complete(ctx)
            return rest
        except click.UsageError as error:
            # Click's parser does not say which command it is about
            error.ctx = error.ctx or ctx
            from talkvalue_cli.commands.wrong import mistakes

            raise mistakes.explain(self, error.ctx, tidy, error) from error

    def _complete(self, ctx: click.Context) -> None:
        """Put values where they belong, and check them. Raises click.BadParameter, UsageError."""
        for param in self.params:
            # the name of a file may be anything, and so may what another program is told
            if not isinstance(param.type, (click.Path, type(click.UNPROCESSED))):
                check_text(ctx.params.get(param.name or ""), param, ctx)
        take_words(self.params, ctx.params)
        for param in self.params:
            is_needed = isinstance(param, WordOption) and param.required
            if is_needed and ctx.params[param.name or ""] is None and not ctx.resilient_parsing:
                raise click.MissingParameter(ctx=ctx, param=param)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return --help, which is an error where nobody can read it."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.callback = _answering(click.Context.get_help)
        return option

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, with the ids of what is named."""
        given = {**ctx.params}
        names.resolve(_find_context(ctx), ctx.params)
        try:
            return super().invoke(ctx)
        except NotFoundError as error:
            raise names.explain(error, self.params, given) from error

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command's own options, then the global ones."""
        titles = ("Options", *_find_sections(ctx), "Global options")
        records: dict[str, list[tuple[str, str]]] = {title: [] for title in titles}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx) if isinstance(param, click.Option) else None
            if record is not None:
                records[find_section(ctx, param)].append(record)
        for title, listed in records.items():
            if listed:
                with formatter.section(title):
                    formatter.write_dl(listed)


def _find_sections(ctx: click.Context) -> Mapping[str, Sequence[str]]:
    """Return the sections of a command, or of the nearest group around it that has some."""
    around: click.Context | None = ctx
    while around is not None:
        if isinstance(around.command, Command) and around.command.sections:
            return around.command.sections
        around = around.parent
    return {}


def find_section(ctx: click.Context, param: click.Parameter) -> str:
    """Return the heading that an option stands below in the help of a command."""
    # Click makes --help itself, and its name for it is not "help"
    if isinstance(param, GlobalOption) or _EVERYWHERE & {*param.opts}:
        return "Global options"
    sections = _find_sections(ctx).items()
    return next((title for title, names in sections if param.name in names), "Options")


def new_command(name: str, **settings: Any) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a command of a function that gets the AppContext first; settings: those of Command."""
    make = click.command(name, cls=Command, **settings)
    return lambda function: make(pass_context(function))


class Group(Command, click.Group):
    """A group whose members are imported when they are used.

    members: name of each member → "module:attribute" below talkvalue_cli.commands.
    package: a package there; each of its modules is a member too, with its `group`.
    aliases: further names, in the same way, which work and are not listed as members.
    short_paths: what each member of a member `path` is for, which works without `path`, too.
    """

    command_class = Command

    def __init__(
        self,
        *args: Any,
        members: Mapping[str, str] | None = None,
        package: str | None = None,
        aliases: Mapping[str, str] | None = None,
        short_paths: Mapping[str, str] | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(*args, **settings)
        self._members = {**(_find_members(package) if package else {}), **(members or {})}
        self._short_paths = short_paths or {}
        self._aliases = {**(aliases or {})}

    @property
    def aliases(self) -> list[str]:
        """The names that work and are not listed as members, in alphabetical order."""
        return sorted({*self._aliases, *self._short_paths})

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
        place = self._members.get(cmd_name) or self._aliases.get(cmd_name)
        if place is not None:
            module, _, attribute = place.partition(":")
            with signals.point():
                found = importlib.import_module(f"talkvalue_cli.commands.{module}")
            command: click.Command = getattr(found, attribute)
            return command
        if cmd_name in self._short_paths:
            path = self.get_command(ctx, "path")
            return path.get_command(ctx, cmd_name) if isinstance(path, Group) else None
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the member that the arguments begin with. Raises Mistake for none."""
        is_name = args[0] == "-" or not args[0].startswith("-")
        if is_name and not ctx.resilient_parsing and self.get_command(ctx, args[0]) is None:
            from talkvalue_cli.commands.wrong.commands import unknown_command

            raise unknown_command(ctx, args)
        return super().resolve_command(ctx, args)

    def shell_complete(
        self, ctx: click.Context, incomplete: str
    ) -> list[click.shell_completion.CompletionItem[Any]]:
        """Return what may follow, the further names among it."""
        found = super().shell_complete(ctx, incomplete)
        for name in self.aliases:
            command = self.get_command(ctx, name) if name.startswith(incomplete) else None
            if command is not None:
                help = command.get_short_help_str()
                found.append(click.shell_completion.CompletionItem(name, help=help))
        return found

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
        if self._short_paths:
            with formatter.section("Path commands, with and without `path`"):
                formatter.write_dl([*self._short_paths.items()])
        self.format_commands(ctx, formatter)


Group.group_class = Group


def _find_members(package: str) -> dict[str, str]:
    """Return the modules of a package by the names that users type, without importing them."""
    folder = importlib.import_module(f"talkvalue_cli.commands.{package}")
    return {
        module.name.rstrip("_").replace("_", "-"): f"{package}.{module.name}:group"
        for module in pkgutil.iter_modules(folder.__path__)
    }
