"""Which commands may be meant by words that are none."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

import click

from talkvalue_cli.commands.wrong import synonyms
from talkvalue_cli.commands.wrong.mistake import Mistake, find_near, list_members
from talkvalue_cli.commands.wrong.runs import find_file, missing_run

#: how alike a name has to be to be suggested, from 0 to 1, and how many are named
NEAR = 0.7
_MOST = 4
#: a command as it is typed, in words → its context
_Tree = Mapping[tuple[str, ...], click.Context]
#: the groups that are suggested first
_FIRST = ("import", "channel", "person", "event", "tag", "company")


def unknown_command(ctx: click.Context, args: Sequence[str]) -> Mistake:
    """Return the error for words behind a group that none of its members begins with."""
    name = args[0]
    group = (ctx.info_name if ctx.parent else None) or ""
    thing = _name_thing(args[1]) if len(args) > 1 else group
    words = [(group, name.lower()), (thing, name.lower())]
    found = next(filter(None, map(synonyms.IMPOSSIBLE.get, words)), None)
    if found:
        return Mistake(found[0], ctx, found[1])
    if find_file(ctx, args[:1]):
        return missing_run(ctx, args)
    if _name_thing(name) == "import" and find_file(ctx, args[1:2]):  # `import csv x.csv`
        return missing_run(ctx, args[1:])
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


def _suggest_commands(ctx: click.Context, args: Sequence[str]) -> list[list[str]]:
    """Return command lines that may be meant by words behind a group, most likely ones first."""
    word, rest = args[0].lower(), args[1:]
    here, members = ctx.command_path.split(), list_members(ctx)
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
    near = find_near(word, members, n=2, cutoff=NEAR)
    if near:
        return [[*here, name] for name in near]
    near = find_near(word, things, n=1, cutoff=NEAR)
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
    near = find_near(word, {path[-1] for path in tree}, n=1, cutoff=NEAR)
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


def _rank(line: Sequence[str]) -> tuple[int, int]:
    """Return what puts the likelier ones of several command lines first."""
    places = [_FIRST.index(word) for word in line if word in _FIRST]
    return (places[0] if places else len(_FIRST)), len(line)


def _go_on(path: tuple[str, ...], rest: Sequence[str], tree: _Tree) -> list[str]:
    """Return a group with the verb that was typed behind it, or its list where it has one."""
    found = _find_verb(path, rest[0].lower(), tree) if rest else None
    found = found or _find_verb(path, "list", tree)
    return [*path, found] if found else [*path]
