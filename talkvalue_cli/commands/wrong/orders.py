"""Words of a command line in another order, or joined in another way, as other programs have it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from talkvalue_cli.commands.wrong import synonyms
from talkvalue_cli.commands.wrong.mistake import members_of

#: what kubectl writes as import/7, and heroku as config:set
_JOINED = re.compile(r"([A-Za-z-]+)(?:/([0-9]{1,19})|:([A-Za-z-]+))")
#: the name of a setting, which is no command
_SETTING = re.compile("[a-z]+_[a-z_]+")


def reorder(ctx: click.Context, args: Sequence[str]) -> list[str]:
    """Return the words behind a group as they are typed here; none where nothing is to be moved."""
    word, rest = args[0], list(args[1:])
    if joined := _JOINED.fullmatch(word):
        return [joined[1], joined[2] or joined[3], *rest]
    if not ctx.parent or ctx.info_name == "path":
        return []
    members = members_of(ctx)
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
