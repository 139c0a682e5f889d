"""YAML 1.2 as the files of this program use it; the only module that imports the library.

The existing CLI writes YAML 1.2, in which `no` is a word and not a truth value.
"""

from __future__ import annotations

import io
from typing import Any

#: how deep values may be nested, and how many there may be when every alias is written out
DEEPEST, MOST_VALUES = 100, 100_000
#: Python writes no whole number of more than 4300 digits
MOST_BITS = 14_000
#: the tags that a parser gives by itself, and so may be written too
_CORE_KINDS = ("str", "int", "float", "bool", "null", "map", "seq")
_CORE_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in _CORE_KINDS}


def read(text: bytes) -> Any:
    """Return the value that a YAML text stands for, None for an empty one.

    Raises ValueError, which begins with "not YAML" and has line and column where
    the parser tells them; also for a text that only looks small: aliases that
    lead into themselves or multiply, tags, and nesting without end.
    """
    from ruamel.yaml import YAML

    return _parse(_without_dates(YAML(typ="safe", pure=True)), text)


def edit(text: bytes) -> Any:
    """Return the same as `read`, in a form that keeps comments and order when it is written."""
    return _parse(_make_editor(), text)


def write(value: Any) -> bytes:
    """Return a value, one from `edit` among others, as YAML text."""
    stream = io.BytesIO()
    _make_editor().dump(value, stream)
    return stream.getvalue()


def remove(values: Any, group: str, key: str) -> None:
    """Delete `values[group][key]` of a value from `edit`.

    The parser counts comments on the lines below an entry to the entry; they
    stay, before whatever comes next.
    """
    entries = values[group]
    text = _find_comment_below(entries, key)
    entries_after, groups_after = _keys_after(entries, key), _keys_after(values, group)
    del entries[key]
    if not entries:
        # one that was emptied would be written in a way that cannot be read
        values[group] = {}
    owner, place = (entries, entries_after) if entries_after else (values, groups_after or [group])
    if text:
        owner.yaml_set_comment_before_after_key(place[0], before=text, indent=owner.lc.col)


def _find_comment_below(entries: Any, key: str) -> str:
    """Return the lines of the comment below an entry, without their marks."""
    token: Any = None
    below: Any = entries
    # the last line of a group is where its comments hang
    while hasattr(below, "ca") and key in below:
        token = (below.ca.items.get(key) or [None] * 3)[2] or token
        below = below[key]
        key = next(reversed(below), "") if isinstance(below, dict) else ""
    lines = token.value.split("\n")[1:] if token else []
    return "\n".join(line.strip().removeprefix("#").strip() for line in lines if line.strip())


def _keys_after(mapping: Any, key: str) -> list[str]:
    keys = list(mapping)
    return keys[keys.index(key) + 1 :]


def _make_editor() -> Any:
    from ruamel.yaml import YAML

    editor = _without_dates(YAML())
    editor.preserve_quotes = True
    # a long value stays on its line
    editor.width = 1 << 16
    return editor


def _without_dates(parser: Any) -> Any:
    """Let a parser take dates for text: YAML 1.2 has none, and so the existing CLI quotes none."""

    class Constructor(parser.Constructor):  # type: ignore[misc] # of the library's many
        pass

    tag = "tag:yaml.org,2002:timestamp"
    Constructor.add_constructor(tag, Constructor.construct_yaml_str)
    parser.Constructor = Constructor
    return parser


def _parse(parser: Any, text: bytes) -> Any:
    from ruamel.yaml.error import YAMLError

    try:
        _check(text)
        value = parser.load(text)
        _check_values(value)
        return value
    # ValueError: a number too long; the library stumbles over some texts with errors of its own
    except (YAMLError, ValueError, RecursionError, TypeError, AttributeError, LookupError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        reason = f": {error}" if isinstance(error, _UnusableError) else ""
        raise ValueError(f"not YAML{place}{reason}") from error


class _UnusableError(ValueError):
    """YAML that is not read, because of what it would become.

    problem_mark: where that shows, None where nobody knows.
    """

    def __init__(self, reason: str, event: Any = None) -> None:
        super().__init__(reason)
        self.problem_mark = event and event.start_mark


def _check(text: bytes) -> None:
    """Raise _UnusableError for what would take for ever or is nothing but keys and values.

    That is found out from the events of the parser, before anything is made of them.
    """
    from ruamel.yaml import YAML

    #: for each collection that is open, its anchor and how many values it has so far
    opened: list[tuple[str | None, int]] = [(None, 0)]
    sizes: dict[str, int] = {}
    for event in YAML(typ="safe", pure=True).parse(text):
        size = 1
        if getattr(event, "tag", None) not in (None, *_CORE_TAGS):
            raise _UnusableError(f"the tag {event.tag} means nothing here", event)
        kind = type(event).__name__
        if kind in ("MappingStartEvent", "SequenceStartEvent"):
            opened.append((event.anchor, 1))
            if len(opened) > DEEPEST:
                raise _UnusableError(f"nested more than {DEEPEST} deep", event)
            continue
        if kind in ("MappingEndEvent", "SequenceEndEvent"):
            anchor, size = opened.pop()
        elif kind == "AliasEvent":
            anchor, size = None, _read_size(event, opened, sizes)
        elif kind == "ScalarEvent":
            anchor = event.anchor
            if any("\ud800" <= character <= "\udfff" for character in event.value):
                raise _UnusableError("half of a character, as \\ud800 is one", event)
        else:
            continue
        if anchor is not None:
            sizes[anchor] = size
        opened[-1] = (opened[-1][0], opened[-1][1] + size)
        if opened[-1][1] > MOST_VALUES:
            raise _UnusableError(f"more than {MOST_VALUES:,} values", event)


def _check_values(value: Any) -> None:
    """Raise _UnusableError for keys and numbers that cannot be written as JSON."""
    todo, seen = [value], set()
    while todo:
        each = todo.pop()
        if isinstance(each, (dict, list)):
            if id(each) not in seen:
                seen.add(id(each))
                todo += [*each, *each.values()] if isinstance(each, dict) else each
        elif isinstance(each, tuple):
            raise _UnusableError("a list is no key")
        elif isinstance(each, int) and each.bit_length() > MOST_BITS:
            raise _UnusableError("a number has too many digits")


def _read_size(event: Any, opened: list[tuple[str | None, int]], sizes: dict[str, int]) -> int:
    """Return how many values an alias stands for."""
    if any(event.anchor == name for name, _ in opened):
        raise _UnusableError(f"*{event.anchor} leads into itself", event)
    return sizes.get(event.anchor, 1)
