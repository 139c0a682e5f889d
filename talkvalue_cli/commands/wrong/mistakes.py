"""What somebody may have meant whose command line is wrong; loaded when one is.

Commands are named as they can be typed. An option is suggested only where it is much like the one
that was typed, or another word for it.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence

import click

from talkvalue_cli.commands.options import names
from talkvalue_cli.commands.options.groups import WordOption
from talkvalue_cli.commands.options.types import WholeNumber
from talkvalue_cli.commands.wrong import synonyms

#: how alike a name has to be to be suggested, from 0 to 1, and how many are
NEAR, _NEAR_OPTION = 0.7, 0.8
_MOST = 4
#: how Click begins to say that there is a word too many
_EXTRA = "Got unexpected extra argument"
_NO_FIELDS = "--json has no value; --query prints parts of the data: --query id, --query '[].id'"
#: the options of lists that search
_SEARCHES = ("--keyword", "--name")


class Mistake(click.UsageError):
    """A wrong command line, with what to type instead, if that is known."""

    def __init__(self, message: str, ctx: click.Context, hint: str = "") -> None:
        super().__init__(message, ctx)
        self.hint = hint


def explain(
    command: click.Command, ctx: click.Context, args: Sequence[str], error: click.UsageError
) -> click.UsageError:
    """Return what Click found with all that is missing, or with what may have been meant.

    args: what it was parsed from.
    """
    if isinstance(error, click.NoSuchOption):
        if isinstance(command, click.Group) and _find_file(ctx, args):
            return _missing_run(ctx, args)
        hint = _suggest_option(command, ctx, error)
        return Mistake(f"No such option '{error.option_name}'.", ctx, hint)
    if any(word.partition("=")[0] == "--json" for word in args) and _has_value(error):
        return Mistake(error.format_message(), ctx, _NO_FIELDS)
    if error.message.startswith(_EXTRA):
        hint = _explain_extra(command, ctx, error.message)
        return Mistake(error.message, ctx, hint) if hint else error
    if not isinstance(error, click.BadParameter):
        return error
    if meant := _explain_id(ctx, args, error):
        return Mistake(error.format_message(), ctx, meant)
    missing = _find_missing(command, ctx, args)
    if not missing:
        return error
    values = dict.fromkeys(map(_describe_values, missing))
    found_by = "; ".join(filter(None, values))
    usage = f"{ctx.command_path} --help shows how it is used"
    hint = f"{found_by}; {usage}" if found_by else usage
    listed = ", ".join(f"{p.param_type_name} {p.get_error_hint(ctx)}" for p in missing)
    if isinstance(error, click.MissingParameter):
        return Mistake(f"Missing {listed}.", ctx, hint)
    return Mistake(f"{error.format_message()} Also missing: {listed}.", ctx, hint)


def _has_value(error: click.UsageError) -> bool:
    """Tell whether there is a word too many, which may have been meant for a flag."""
    is_of_json = isinstance(error, click.BadOptionUsage) and error.option_name == "--json"
    return is_of_json or error.message.startswith(_EXTRA)


def _explain_extra(command: click.Command, ctx: click.Context, message: str) -> str:
    """Return a hint for words that a command has no argument for; empty when there is none."""
    words = message.partition("(")[2].removesuffix(")")
    if hint := _suggest_run(ctx, words):
        return hint
    params = command.get_params(ctx)
    usage = f"{ctx.command_path} --help shows how it is used"
    quotes = f"put a name with blanks in quotes; {usage}" if _takes_name(command) else ""
    searches = [name for name in _SEARCHES if any(name in param.opts for param in params)]
    if not searches or any(isinstance(p, (click.Argument, WordOption)) for p in params):
        return quotes
    return f"did you mean {searches[0]} {shlex.quote(words)}? {quotes or usage}"


def _explain_id(ctx: click.Context, args: Sequence[str], error: click.BadParameter) -> str:
    """Return a hint for what stands in the place of an id; empty when there is none."""
    if not (isinstance(error.param, click.Argument) and isinstance(error.param.type, WholeNumber)):
        return ""
    word = next((each for each in args if repr(each) in error.message), "")
    if hint := _suggest_run(ctx, word):
        return hint
    if word.lower() in synonyms.NEWEST and _takes(ctx, "--latest"):
        return f"did you mean {ctx.command_path} --latest?"
    number = re.search(r"^(?:https?://.*/|#)([0-9]{1,19})/?$", word)
    return f"did you mean {number[1]}?" if number else ""


def _find_missing(
    command: click.Command, ctx: click.Context, args: Sequence[str]
) -> list[click.Parameter]:
    """Return the parameters that are required and have no value."""
    values, _, _ = command.make_parser(ctx).parse_args(list(args))

    def is_given(param: click.Parameter) -> bool:
        word = [param.argument] if isinstance(param, WordOption) else []
        # what has no value is nothing that can be typed, or an empty sequence
        found = [values.get(each.name or "") for each in (param, *word)]
        return any(isinstance(v, str) or (isinstance(v, (list, tuple)) and v) for v in found)

    params = command.get_params(ctx)
    return [param for param in params if param.required and not is_given(param)]


def _describe_values(param: click.Parameter) -> str:
    """Return where the values of a parameter come from, empty where there is nothing to say."""
    found_by = getattr(param, "found_by", "") or getattr(param.type, "found_by", "")
    if param.name == "import_id":
        found_by = names.describe_list("import")
    is_option = isinstance(param, click.Option)
    return f"{param.opts[0]}: {found_by}" if found_by and is_option else found_by


def _suggest_option(command: click.Command, ctx: click.Context, error: click.NoSuchOption) -> str:
    """Return a hint for an option that a command does not have."""
    options = [p for p in command.get_params(ctx) if isinstance(p, click.Option)]
    known = [name for option in options for name in option.opts if name.startswith("--")]
    typed = error.option_name
    meant = [each for each in synonyms.OPTIONS.get(typed, ()) if each.partition(" ")[0] in known]
    instead, advice = synonyms.NEEDLESS.get(typed, ("", ""))
    if instead in known:
        return advice
    has_argument = any(isinstance(param, click.Argument) for param in command.params)
    if not meant and has_argument and typed in synonyms.ARGUMENTS:
        usage = " ".join([ctx.command_path, *command.collect_usage_pieces(ctx)])
        return f"give it as an argument: {usage}"
    if not meant and typed in synonyms.VARIABLES:
        variable = synonyms.VARIABLES[typed]
        return f"set {variable}: a command line can be seen by other users of the machine"
    near = meant or _find_near(typed.lower(), known, n=2, cutoff=_NEAR_OPTION)
    if near:
        return f"did you mean {' or '.join(near)}?"
    from talkvalue_cli.commands import catalogue

    below = [each for each in catalogue.walk(ctx) if each.parent is ctx and _takes(each, typed)]
    if below:
        listed = ", ".join(each.command_path for each in below[:_MOST])
        return f"it is an option of {listed}"
    return ""


def _find_near(word: str, names: Iterable[str], *, n: int, cutoff: float) -> list[str]:
    """Return the names that are written like a word, most alike first."""
    import difflib  # a bad value, the most frequent mistake, needs no names

    return difflib.get_close_matches(word, list(names), n=n, cutoff=cutoff)


def _takes_name(command: click.Command) -> bool:
    """Tell whether an argument of a command may be a name."""
    return any(
        isinstance(param, WordOption) or hasattr(param.type, "kinds") for param in command.params
    )


def _takes(ctx: click.Context, option: str) -> bool:
    return any(option in param.opts for param in ctx.command.params)


def _find_file(ctx: click.Context, args: Sequence[str]) -> str | None:
    """Return the word behind `import` that is a file, which then is to be imported."""
    if (ctx.info_name if ctx.parent else None) != "import":
        return None
    if any(word in _list_members(ctx) for word in args):
        return None
    words = (word for word in args if word == "-" or not word.startswith("-"))
    return next((w for w in words if w == "-" or "." in w or os.path.exists(w)), None)


def _suggest_run(ctx: click.Context, word: str) -> str:
    """Return the command that imports the file which a word behind a verb is; empty for others."""
    is_file = os.path.exists(word) or bool(
        re.search(r"\.(csv|tsv|txt|xlsx?|ods|gz|zip)$", word, re.I)
    )
    if not (is_file and ctx.parent and _find_file(ctx.parent, [word])):
        return ""
    return _missing_run(ctx.parent, [word]).hint


def unknown_command(ctx: click.Context, args: Sequence[str]) -> Mistake:
    """Return the error for words behind a group that none of its members begins with."""
    name = args[0]
    group = (ctx.info_name if ctx.parent else None) or ""
    thing = _name_thing(args[1]) if len(args) > 1 else group
    words = [(group, name.lower()), (thing, name.lower())]
    found = next(filter(None, map(synonyms.IMPOSSIBLE.get, words)), None)
    if found:
        return Mistake(found[0], ctx, found[1])
    if _find_file(ctx, args[:1]):
        return _missing_run(ctx, args)
    if _name_thing(name) == "import" and _find_file(ctx, args[1:2]):  # `import csv x.csv`
        return _missing_run(ctx, args[1:])
    if (name.isdigit() or "@" in name) and _has(ctx, "get"):
        line = f"{ctx.command_path} get {shlex.quote(name)}"
        return Mistake(f"No such command {name!r}.", ctx, describe_lines([line]))
    return Mistake(f"No such command {name!r}.", ctx, suggest(ctx, args))


def suggest(ctx: click.Context, args: Sequence[str]) -> str:
    """Return a question about commands that may be meant; empty when there are none."""
    return describe_lines([" ".join(words) for words in _suggest_commands(ctx, args)])


def describe_lines(lines: Sequence[str]) -> str:
    """Return command lines as a question; empty when there are none."""
    if len(lines) <= 1:
        return f"did you mean {lines[0]}?" if lines else ""
    return "did you mean one of these?\n" + "\n".join(lines)


def _missing_run(ctx: click.Context, args: Sequence[str]) -> Mistake:
    """Return the error for a file behind `import`, with the whole command in its hint."""
    assert isinstance(ctx.command, click.Group)
    words = [word for word in args if word not in synonyms.ARGUMENTS]
    given = {word.partition("=")[0] for word in words}
    if not given & {"--channel", "--source-id"}:
        words += ["--channel", "NAME-OR-ID"]
    if "--mode" not in given:
        words += ["--mode", "UPDATE"]
    line = f"{ctx.command_path} run {shlex.join(words)}"
    return Mistake(
        f"{_find_file(ctx, args)!r} is not a command of import: put 'run' before the file.",
        ctx,
        f"{line}\n--mode SKIP leaves people alone who exist already; "
        "talkvalue path channel list shows the channels",
    )


#: a command as it is typed, in words → its context
_Tree = Mapping[tuple[str, ...], click.Context]


def _suggest_commands(ctx: click.Context, args: Sequence[str]) -> list[list[str]]:
    """Return command lines that may be meant by words behind a group, most likely ones first."""
    word, rest = args[0].lower(), args[1:]
    here, members = ctx.command_path.split(), _list_members(ctx)
    if not word.strip():
        return []
    if word == "help" and ctx.parent:
        return [[here[0], "help", *here[1:], *(name for name in rest[:1] if name in members)]]
    verbs = [verb for verb in synonyms.VERBS.get(word, ()) if _has(ctx, verb)]
    if not verbs and "get" in (word, *synonyms.VERBS.get(word, ())) and _has(ctx, "list"):
        return [[*here, "list"]]
    from talkvalue_cli.commands import catalogue, topics

    tree = {tuple(each.command_path.split()): each for each in catalogue.walk(ctx.find_root())}
    things = {path[-1]: path for path in reversed(tree) if _is_thing(path)}
    after = things.get(_name_thing(rest[0])) if rest else None
    if after and (found := _turn_round(after, word, rest, tree)):
        return [found]
    if ctx.parent is None and word in synonyms.TOP:
        return [[*here, *line.split()] for line in synonyms.TOP[word]]
    if verbs:
        return [[*here, *verb.split()] for verb in verbs]
    thing = things.get(_name_thing(word))
    if thing:
        return [_go_on(thing, rest, tree)]
    if ctx.parent is None and word in topics.list_topics():
        return [[*here, "help", word]]
    near = _find_near(word, members, n=2, cutoff=NEAR)
    if near:
        return [[*here, name] for name in near]
    near = _find_near(word, things, n=1, cutoff=NEAR)
    if near:
        return [_go_on(things[near[0]], rest, tree)]
    if _is_thing(here) and here[-1] != "path":  # what other things can do is no help
        return []
    return sorted(_search(tree, word), key=_rank)[:_MOST]


def _name_thing(word: str) -> str:
    """Return what a thing is called here."""
    return synonyms.NOUNS.get(word.lower(), word.lower())


def _turn_round(
    thing: tuple[str, ...], verb: str, rest: Sequence[str], tree: _Tree
) -> list[str] | None:
    """Return the command for a verb before a thing, as in `get imports`; None for no such verb.

    rest: the thing as it was typed, and what follows.
    """
    found = _find_verb(thing, verb, tree)
    is_plural = len(rest) == 1 and rest[0].lower() != thing[-1]
    if found == "get" and is_plural and (*thing, "list") in tree:
        found = "list"
    return [*thing, found] if found else None


def _find_verb(thing: tuple[str, ...], verb: str, tree: _Tree) -> str | None:
    """Return what a group calls a verb, None when it has none for it."""
    for each in (verb, *synonyms.VERBS.get(verb, ())):
        if (*thing, each) in tree:
            return each
    return None


def _search(tree: _Tree, word: str) -> list[list[str]]:
    """Return the commands of all groups that a verb names; else those that are written like it."""
    found = [
        [*path[:-1], *verb.split()]
        for path, ctx in tree.items()
        for verb in (word, *synonyms.VERBS.get(word, ()))
        if ctx.parent and path[-1] == verb.split()[0] and _has(ctx.parent, verb)
    ]
    near = _find_near(word, {path[-1] for path in tree}, n=1, cutoff=NEAR)
    return found or [[*path] for path in tree if path[-1] in near]


def _has(ctx: click.Context, line: str) -> bool:
    """Tell whether a group has a member, with the option that the line names."""
    command = ctx.command
    name, _, rest = line.partition(" ")
    member = command.get_command(ctx, name) if isinstance(command, click.Group) else None
    option = rest.partition(" ")[0]
    return member is not None and (
        not option or any(option in param.opts for param in member.params)
    )


def _is_thing(path: Sequence[str]) -> bool:
    """Tell whether this is a group or command that stands at the top, with or without `path`."""
    return len(path) == 2 or (len(path) == 3 and path[1] == "path")


#: the groups that are suggested first
_FIRST = ("import", "channel", "person", "event", "tag", "company")


def _rank(line: Sequence[str]) -> tuple[int, int]:
    """Return what puts the likelier ones of several command lines first."""
    places = [_FIRST.index(word) for word in line if word in _FIRST]
    return (places[0] if places else len(_FIRST)), len(line)


def _go_on(path: tuple[str, ...], rest: Sequence[str], tree: _Tree) -> list[str]:
    """Return a group with the verb that was typed behind it, or its list where it has one."""
    found = _find_verb(path, rest[0].lower(), tree) if rest else None
    found = found or _find_verb(path, "list", tree)
    return [*path, found] if found else [*path]


def _list_members(ctx: click.Context) -> list[str]:
    command = ctx.command
    return command.list_commands(ctx) if isinstance(command, click.Group) else []
