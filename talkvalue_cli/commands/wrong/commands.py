"""Which commands may be meant by words that are none."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence

import click

from talkvalue_cli.commands.wrong import mistake, synonyms
from talkvalue_cli.commands.wrong.runs import find_file, is_table, missing_run

#: how alike a name has to be to be suggested, from 0 to 1, and how many are named
NEAR = 0.7
_MOST = 4
#: what stands in a suggestion for a text that is not known
_TEXT = "TEXT"
#: a command as it is typed, in words → its context
_Tree = Mapping[tuple[str, ...], click.Context]
#: words that are about imports also where none is named
_OF_IMPORTS = (*synonyms.ENDS, *synonyms.REPEATS)
#: the groups that are suggested first
_FIRST = ("import", "channel", "person", "event", "tag", "company")
#: what kubectl writes as import/7, and heroku as config:set
_JOINED = re.compile(r"([A-Za-z-]+)(?:/([0-9]{1,19})|:([A-Za-z-]+))")
#: the name of a setting, which is no command
_SETTING = re.compile("[a-z]+_[a-z_]+")


def unknown_command(ctx: click.Context, args: Sequence[str]) -> mistake.Mistake:
    """Return the error for words behind a group that none of its members begins with."""
    name = args[0]
    group = (ctx.info_name if ctx.parent else None) or ""
    thing = _name_thing(args[1]) if len(args) > 1 else group
    within = " ".join(ctx.command_path.split()[-2:])
    words = [(within, name.lower()), (group, name.lower()), (thing, name.lower())]
    if group in ("", "path"):
        words += [(_name_thing(name), args[1].lower())] if len(args) > 1 else []
        words.append(("import", name.lower() if name.lower() in _OF_IMPORTS else ""))
    if name.lower() in synonyms.REPEATS and not any(word.isdigit() for word in args[1:]):
        words = []  # a file can be imported again
    found = next(filter(None, map(synonyms.IMPOSSIBLE.get, words)), None)
    if found:
        return mistake.Mistake(found[0], ctx, found[1])
    if find_file(ctx, args[:1]):
        return missing_run(ctx, args)
    if _name_thing(name) == "import" and find_file(ctx, args[1:2]):  # `import csv x.csv`
        return missing_run(ctx, args[1:])
    if file := _find_upload(args):  # `contacts import x.csv`
        line = f"{ctx.find_root().command_path} path import run {shlex.quote(file)}"
        hint = f"{line} --channel NAME-OR-ID --mode UPDATE"
        return mistake.Mistake(f"No such command {name!r}.", ctx, hint)
    hint = suggest(ctx, args)
    if not hint and ctx.parent and name.strip():
        hint = f"its commands are {', '.join(mistake.list_members(ctx))}"
        hint = f"{hint}; {ctx.command_path} --help shows how it is used"
    return mistake.Mistake(f"No such command {name!r}.", ctx, hint)


def suggest(ctx: click.Context, args: Sequence[str]) -> str:
    """Return a question about commands that may be meant; empty when there are none."""
    found, typed = _suggest_commands(ctx, args), [*args[1:], " ".join(args[1:])]
    # what keeps the words that were typed is meant more likely than what has no place for them
    whole = [words for words in found if len(args) > 1 and {*words} & {*typed}]
    return mistake.describe_lines([shlex.join(words) for words in whole or found])


def _suggest_commands(ctx: click.Context, args: Sequence[str]) -> list[list[str]]:
    """Return command lines that may be meant by words behind a group, most likely ones first."""
    here, members = ctx.command_path.split(), mistake.members_of(ctx)
    if (moved := _reorder(ctx, args)) and (lines := _find_line(ctx, moved)):
        return lines
    word, rest = args[0].lower(), args[1:]
    if not word.strip():
        return []
    if word == "help" and ctx.parent:
        return [[here[0], "help", *here[1:], *(name for name in rest[:1] if name in members)]]
    if line := synonyms.OWN.get((ctx.info_name or "", word)):
        return [_carry(ctx.find_root(), line, rest)]
    is_known = word in synonyms.VERBS or word in synonyms.NOUNS or word in members
    if _is_id(args[0]) or (args[0] != word and not is_known):  # a name may have capitals
        verb = next((verb for verb in ("get", "list") if verb in members), None)
        if verb and _takes_words(members[verb], args):
            return [[*here, verb, *args]]
    if word == "rename" and len(rest) == 2 and _has(ctx, "update --name TEXT"):
        update = members["update"]
        name = rest[1:] if _takes_words(update, rest) else ("--name", *rest[1:])
        return [[*here, "update", rest[0], *name]]
    verbs = [verb for verb in synonyms.VERBS.get(word, ()) if _has(ctx, verb)]
    if not verbs and "get" in (word, *synonyms.VERBS.get(word, ())) and _has(ctx, "list"):
        verbs = ["list"]
    from talkvalue_cli.commands import catalogue, topics

    tree = {tuple(each.command_path.split()): each for each in catalogue.walk(ctx.find_root())}
    things = {path[-1]: path for path in reversed(tree) if _is_thing(path)}
    after = _find_thing(things, rest)
    if after and (found := _turn_round(tree[after[0]], word, after[1])):
        return [found]
    if ctx.parent is None and word in synonyms.TOP:
        return [
            _carry(ctx, line, rest if line.startswith("path") else ())
            for line in synonyms.TOP[word]
        ]
    below = _search_below(ctx, word, rest) if ctx.parent and here[-1] != "path" else []
    if verbs or below:
        return [*(_carry(ctx, verb, rest) for verb in verbs), *below]
    own = [name for name in members if _name_thing(name) == _name_thing(word)]
    if own and ctx.parent:
        return [_go_on(members[own[0]], rest)]
    thing = things.get(_name_thing(word))
    if thing:  # an id behind another thing is one of that
        is_within = ctx.parent and here[-1] != "path"
        return [_go_on(tree[thing], () if is_within else rest)]
    if ctx.parent is None and word in topics.list_topics():
        return [[*here, "help", word]]
    near = mistake.find_near(word, members, n=2, cutoff=NEAR)
    if near:
        return [_carry(ctx, name, rest) for name in near]
    if ctx.parent and here[-1] != "path":  # what other things can do is no help
        return []
    near = mistake.find_near(word, things, n=1, cutoff=NEAR)
    if near:
        return [_go_on(tree[things[near[0]]], rest)]
    return _search(tree, word, rest)


def _reorder(ctx: click.Context, args: Sequence[str]) -> list[str]:
    """Return the words behind a group in our order; none where nothing is to be moved."""
    word, rest = args[0], list(args[1:])
    if joined := _JOINED.fullmatch(word):
        return [joined[1], joined[2] or joined[3], *rest]
    if not ctx.parent or ctx.info_name == "path":
        return []
    members = mistake.members_of(ctx)
    if word.lower() in {*members, *synonyms.VERBS}:
        return []
    if ctx.info_name == "config" and _SETTING.fullmatch(word):
        return ["set" if rest else "get", *args]
    if ctx.info_name == "sandbox" and word in (*synonyms.SHELLS, ctx.find_root().info_name):
        command = rest if word in synonyms.SHELLS else list(args)
        return ["run", "--", *(command[1:] if command[:1] == ["--"] else command)]
    if word.lower() in {"help", *synonyms.NOUNS, *synonyms.NOUNS.values()}:
        return []
    if rest and _names_a_verb(rest[0].lower(), members):  # `import 7 wait`
        return [rest[0], word, *rest[1:]]
    if "attach" in members and len(args) == 2 and word.isdigit():  # `tag 7 online`
        return ["attach", *args]
    return []


def _names_a_verb(word: str, members: dict[str, click.Context]) -> bool:
    """Tell whether a word is a command of a group, or what others call one or what it lists."""
    meant = {word, synonyms.NOUNS.get(word, word)}
    meant |= {line.split()[0] for line in synonyms.VERBS.get(word, ())}
    people = {"people"} if "person" in meant else set()
    return not {*members}.isdisjoint(meant | people)


def _find_line(ctx: click.Context, words: Sequence[str]) -> list[list[str]]:
    """Return the commands for words behind a group that have been put in order."""
    command, rest = ctx.command, [*words]
    while isinstance(command, click.Group) and rest:
        found = command.get_command(ctx, rest[0])
        if found is None:
            return _suggest_commands(ctx, words)
        command, rest = found, rest[1:]
    fits = _takes_words(click.Context(command, parent=ctx), rest)
    return [[*ctx.command_path.split(), *words]] if fits or "--" in words else []


def _find_upload(args: Sequence[str]) -> str:
    """Return the file of words that upload one to something; empty without one."""
    thing = _name_thing(args[0]) if args else ""
    is_upload = args[0].lower() in synonyms.UPLOADS or (
        thing in _FIRST and len(args) > 1 and args[1].lower() in synonyms.UPLOADS
    )
    return next((word for word in args[1:] if is_upload and is_table(word)), "")


def _name_thing(word: str) -> str:
    """Return what a thing is called here."""
    name = word.lower()
    # `user`, `segments`; but `list` is a verb
    several = (name, f"{name}s", name.removesuffix("s")) if name != "list" else (name,)
    return next((synonyms.NOUNS[each] for each in several if each in synonyms.NOUNS), name)


def _is_id(word: str) -> bool:
    """Tell whether a word is an id, or an address, which stands for one."""
    return word.isdigit() or "@" in word


def _find_thing(
    things: Mapping[str, tuple[str, ...]], words: Sequence[str]
) -> tuple[tuple[str, ...], Sequence[str]] | None:
    """Return the thing that words begin with, and the words as they are to be read."""
    if not words:
        return None
    name, slash, number = words[0].partition("/")
    if slash and not number.isdigit():
        return None
    found = things.get(_name_thing(name))
    return (found, [name, number, *words[1:]] if slash else words) if found else None


def _turn_round(thing: click.Context, verb: str, rest: Sequence[str]) -> list[str] | None:
    """Return the command for a verb before a thing, as in `get imports`; None for no such verb.

    rest: the thing as it was typed, and what follows.
    """
    found = _find_verb(thing, verb)
    is_plural = len(rest) == 1 and rest[0].lower() != thing.info_name
    if found == "get" and is_plural and _has(thing, "list"):
        found = "list"
    return _carry(thing, found, rest[1:]) if found else None


def _find_verb(thing: click.Context, verb: str) -> str | None:
    """Return what a group calls a verb, None when it has none for it."""
    verb = verb.lower()
    if verb in mistake.list_members(thing):
        return verb
    return next((each for each in synonyms.VERBS.get(verb, ()) if _has(thing, each)), None)


def _search_below(ctx: click.Context, word: str, rest: Sequence[str]) -> list[list[str]]:
    """Return the commands of the groups within a group that a verb names."""
    return [
        _carry(below, verb, rest)
        for below in mistake.members_of(ctx).values()
        if isinstance(below.command, click.Group) and (verb := _find_verb(below, word))
    ]


def _search(tree: _Tree, word: str, rest: Sequence[str]) -> list[list[str]]:
    """Return the commands of all groups that a verb names; else those that are written like it."""
    found = {
        (path[:-1], verb): ctx.parent
        for path, ctx in tree.items()
        for verb in (word, *synonyms.VERBS.get(word, ()))
        if ctx.parent and path[-1] == verb.split()[0] and _has(ctx.parent, verb)
    }
    if found:
        likely = sorted(found, key=lambda place: _rank([*place[0], *place[1].split()]))
        return [_carry(found[place], place[1], rest) for place in likely[:_MOST]]
    near = mistake.find_near(word, {path[-1] for path in tree}, n=1, cutoff=NEAR)
    likely_paths = sorted((path for path in tree if path[-1] in near), key=_rank)[:_MOST]
    return [[*path, *_fitting(tree[path], rest)] for path in likely_paths]


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


def _rank(line: Sequence[str]) -> tuple[int, int]:
    """Return what puts the likelier ones of several command lines first."""
    places = [_FIRST.index(word) for word in line if word in _FIRST]
    return (places[0] if places else len(_FIRST)), len(line)


def _go_on(thing: click.Context, rest: Sequence[str]) -> list[str]:
    """Return a group with the verb that was typed behind it, or its list where it has one."""
    if not isinstance(thing.command, click.Group):
        around, word = thing.parent, rest[0].lower() if rest else ""
        if word in ("list", *synonyms.LISTS):
            return [*thing.command_path.split(), *_fitting(thing, rest[1:])]
        for line in (f"{word}-person", word):
            if around and word and around.parent and _has(around, line):
                return _carry(around, line, rest[1:])
        return [*thing.command_path.split(), *_fitting(thing, rest)]
    verb = _find_verb(thing, rest[0]) if rest else None
    if verb:
        return _carry(thing, verb, rest[1:])
    verbs = ("get", "list") if rest and _is_id(rest[0]) else ("list",)
    verb = next((each for each in verbs if _has(thing, each)), None)
    return _carry(thing, verb, rest) if verb else thing.command_path.split()


def _carry(group: click.Context, line: str, rest: Sequence[str]) -> list[str]:
    """Return a command of a group, with the words that were typed behind it where it takes them.

    line: the command and what belongs to it; a TEXT in it is one of those words.
    """
    words = line.split()
    ctx = group
    for name in words:
        ctx = mistake.members_of(ctx).get(name, ctx)
    if words[-1] == _TEXT and rest and not any(word.startswith("-") for word in rest):
        words, rest = [*words[:-1], " ".join(rest)], ()
    return [*group.command_path.split(), *words, *_fitting(ctx, rest)]


def _fitting(ctx: click.Context, rest: Sequence[str]) -> Sequence[str]:
    """Return as many words as a command takes: all, those before the options, or none."""
    options = (place for place, word in enumerate(rest) if word.startswith("-"))
    values = rest[: next(options, 0)]
    return next((words for words in (rest, values) if _takes_words(ctx, words)), ())


def _takes_words(ctx: click.Context, words: Sequence[str]) -> bool:
    """Tell whether a command takes words as they are: its options, and values of its arguments."""
    try:
        values, extra, _ = ctx.command.make_parser(ctx).parse_args([*words])
        for param in ctx.command.params:
            value = values.get(param.name or "")
            if not isinstance(param, click.Argument) or not isinstance(value, (str, tuple, list)):
                continue
            if value and isinstance(param.type, type(click.UNPROCESSED)):
                return False  # `run x.csv` is for no shell
            if value and isinstance(param.type, click.Path) and not _are_files(value):
                return False
            param.type_cast_value(ctx, value)
    except click.UsageError:
        return False
    return not extra


def _are_files(value: str | Sequence[str]) -> bool:
    """Tell whether words look like files to import; `retry 7` is about no file."""
    return all("." in word for word in ([value] if isinstance(value, str) else value))
