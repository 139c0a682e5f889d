"""Names where an id may stand: a text of digits is an id, and any other is looked up."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from talkvalue_cli.commands.options.types import WholeNumber
from talkvalue_cli.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from talkvalue_cli.api.names import Candidate
    from talkvalue_cli.context import AppContext

#: stands before a name that is made of digits
MARK = "name:"
#: how alike a name has to be to be suggested, and how many are
_NEAR, _MOST_NEAR = 0.6, 3
#: how many things of one name are listed
_MOST_LISTED = 10
#: what a kind is called when there are several, and the command that lists them
_LISTS = {
    "channel": ("channels", "path channel list"),
    "company": ("companies", "path company list"),
    "event": ("events", "path event list"),
    "import": ("imports", "path import list"),
    "person": ("people", "path person list"),
    "tag": ("tags", "path tag list"),
}


class Name(str):
    """A name that stands where an id may; `resolve` puts the id in its place.

    kinds: what it may be the name of.
    """

    kinds: tuple[str, ...]

    @classmethod
    def of(cls, kinds: tuple[str, ...], text: str) -> Name:
        """Return the name of a thing of one of these kinds."""
        name = cls(text)
        name.kinds = kinds
        return name


def describe_list(kind: str) -> str:
    """Return what shows the things of a kind, as a hint says it."""
    plural, command = _LISTS[kind]
    return f"talkvalue {command} shows the {plural}"


class NameOrId(WholeNumber):
    """An id, or the name of what it identifies, as a Name.

    kinds: the keys of `api.names`; of a person the name is an e-mail address.
    """

    def __init__(self, *kinds: str) -> None:
        name = "email-or-id" if kinds == ("person",) else "name-or-id"
        super().__init__(name)
        self.kinds, self.found_by = kinds, "; ".join(map(describe_list, kinds))

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return an id, or a Name; fail for what is neither."""
        if not isinstance(value, str) or isinstance(value, Name):
            return value
        text = value.removeprefix(MARK)
        if not text.strip():
            self.fail("it is empty", param, ctx)
        # no letter and no mark: somebody meant a number
        if text == value and re.fullmatch(r"[\d\s.,+_-]*", text):
            return super().convert(value, param, ctx)
        if self.kinds == ("person",) and "@" not in text:
            self.fail(f"{value!r} is neither an id nor an e-mail address", param, ctx)
        return Name.of(self.kinds, text.strip())


CHANNEL, EVENT = NameOrId("channel"), NameOrId("event")
COMPANY, TAG = NameOrId("company"), NameOrId("tag")
PERSON = NameOrId("person")
#: what can have tags
SOURCE = NameOrId("channel", "event")


def resolve(context: AppContext, values: dict[str, Any]) -> None:
    """Put ids in the place of Names, among the values of a command's parameters.

    Raises NotFoundError for a name that nothing has, and UsageError for one
    that several things have.
    """
    for key, value in values.items():
        if isinstance(value, Name):
            values[key] = _find_id(context, value)
        elif isinstance(value, tuple) and any(isinstance(item, Name) for item in value):
            values[key] = tuple(
                _find_id(context, item) if isinstance(item, Name) else item for item in value
            )


def explain(
    error: NotFoundError, params: Sequence[click.Parameter], values: Mapping[str, Any]
) -> NotFoundError:
    """Return the error for an id that nothing has, with how a name of digits is written.

    Without a hint of its own it gets the command that shows what there is.

    values: of the parameters, before names were replaced.
    """
    given = {
        (param.type.kinds[0], values.get(param.name or ""))
        for param in params
        if isinstance(param.type, NameOrId) and param.type.kinds != ("person",)
    }
    for kind, value in given:
        if isinstance(value, int) and str(value) in error.message:
            article = "an" if kind[0] in "aeiou" else "a"
            hint = f"{value} is an id; {article} {kind} called {value} is {MARK}{value}"
            # what is to be pasted stands at the end
            return error.evolve(hint=f"{hint}; {error.hint}" if error.hint else hint)
    kind = next(filter(None, map(_find_kind, params)), "")
    return error if error.hint or not kind else error.evolve(hint=describe_list(kind))


def _find_kind(param: click.Parameter) -> str:
    """Return what an argument identifies and a list shows; empty for any other parameter."""
    if not isinstance(param, click.Argument):
        return ""
    kinds = ("import",) if param.name == "import_id" else getattr(param.type, "kinds", ("",))
    return str(kinds[0])


def _find_id(context: AppContext, name: Name) -> int:
    client = context.client
    from talkvalue_cli.api import names

    found: list[Candidate] = []
    others: list[Candidate] = []
    for kind in name.kinds:
        fitting, rest = names.find(client, kind, name)
        found += fitting
        others += rest
    ids = {each.id for each in found}
    if len(ids) == 1:
        return ids.pop()
    raise _several(name, found) if found else _none(context, name, others)


def _several(name: Name, found: list[Candidate]) -> UsageError:
    lines = [f"\n  {each.kind} {each.id}  {each.names[0]}" for each in found[:_MOST_LISTED]]
    things = " or ".join(_LISTS[kind][0] for kind in name.kinds)
    more = f"\n  … and {len(found) - _MOST_LISTED} more" if len(found) > _MOST_LISTED else ""
    return UsageError(
        f"{len(found)} {things} are called {str(name)!r}:{''.join(lines)}{more}",
        hint="give the id of the one that is meant",
        code="AMBIGUOUS_NAME",
        details={"ids": [each.id for each in found]},
    )


def _none(context: AppContext, name: Name, others: list[Candidate]) -> NotFoundError:
    import difflib

    from talkvalue_cli.api.names import fold

    known = {fold(text): (each, text) for each in others for text in each.names}
    near = difflib.get_close_matches(fold(name), known, n=_MOST_NEAR, cutoff=_NEAR)
    listed = ", ".join(f"{known[key][1]!r} ({known[key][0].id})" for key in near)
    meant = f"did you mean {listed}? " if near else ""
    shows = "; ".join(
        f"{context.command_line(*_LISTS[kind][1].split())} shows the {_LISTS[kind][0]}"
        for kind in name.kinds
    )
    if name.kinds == ("person",):
        message = f"nobody has the e-mail address {str(name)!r}"
    else:
        message = f"there is no {' or '.join(name.kinds)} {str(name)!r}"
    return NotFoundError(message, hint=f"{meant}{shows}")
