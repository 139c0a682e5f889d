"""Text of others, such that a terminal shows it and does not obey it."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Iterator

from talkvalue_cli.output.columns import clean

#: what a terminal obeys and all data has
_KEPT = re.compile("(\r?\n|\t)")


def clean_lines(text: str) -> str:
    """Return text that a terminal shows and does not obey; only its line ends stay."""
    return "\n".join(map(clean, text.split("\n")))


def clean_data(text: str) -> str:
    """Return text that a terminal shows and does not obey; its line ends and tabs stay."""
    parts = _KEPT.split(text)
    return "".join(part if _KEPT.fullmatch(part) else clean(part) for part in parts)


def decode(chunks: Iterable[bytes]) -> Iterator[str]:
    """Yield bytes as text that never ends in the middle of CR LF; what is no UTF-8 is escaped."""
    utf8 = codecs.getincrementaldecoder("utf-8-sig")("backslashreplace")
    decoder = io.IncrementalNewlineDecoder(utf8, translate=False)
    for chunk in chunks:
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)
