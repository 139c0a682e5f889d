"""YAML 1.2 as the files of this program use it; the only module that imports the library.

The existing CLI writes YAML 1.2, in which `no` is a word and not a truth value.
"""

from __future__ import annotations

import io
from typing import Any


def read(text: bytes) -> Any:
    """Return the value that a YAML text stands for, None for an empty one.

    Raises ValueError, "not YAML" with line and column where the parser tells them.
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
        return parser.load(text)
    except (YAMLError, ValueError, RecursionError) as error:  # ValueError: a number too long
        mark = getattr(error, "problem_mark", None)
        place = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise ValueError(f"not YAML{place}") from error
