"""Encodings from before Unicode, told apart by what the text would be in each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import BinaryIO, NamedTuple

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.file import file_bytes, plausibility, special_lines, words
from talkvalue_cli.imports.file.decode import UnclearEncodingError

_WESTERN = ("de", "fr", "es", "it", "nl", "pt", "sv", "da", "nb", "fi", "is", "ca", "et")
_CENTRAL = ("pl", "cs", "sk", "hu", "ro", "hr", "sl", "de")
_CYRILLIC = ("ru", "uk", "bg", "sr")
_BALTIC = ("lt", "lv", "et", "pl", "de", "sv", "fi")


class _Candidate(NamedTuple):
    """An encoding, how many bits rarer than cp1252 it is, and the languages written in it."""

    name: str
    rarity: float
    languages: tuple[str, ...]


_CANDIDATES = (
    _Candidate("cp1252", 0, _WESTERN),
    _Candidate("cp1250", 2, _CENTRAL),
    _Candidate("cp1251", 1, _CYRILLIC),
    _Candidate("gb18030", 1, ("zh-Hans", "zh-Hant")),
    _Candidate("cp932", 1, ("ja",)),
    _Candidate("cp949", 1, ("ko",)),
    _Candidate("cp950", 2, ("zh-Hant",)),
    _Candidate("euc_jp", 4, ("ja",)),
    _Candidate("cp1253", 2, ("el",)),
    _Candidate("cp1254", 3, ("tr", "de", "fr")),
    _Candidate("cp1255", 2, ("he",)),
    _Candidate("cp1256", 2, ("ar", "fa", "fr")),
    _Candidate("cp1257", 5, _BALTIC),
    _Candidate("cp1258", 8, ("vi", "fr")),
    _Candidate("cp874", 2, ("th",)),
    _Candidate("mac_roman", 6, _WESTERN),
    _Candidate("iso8859_15", 6, _WESTERN),
    _Candidate("iso8859_2", 4, _CENTRAL),
    _Candidate("koi8_r", 3, ("ru",)),
    _Candidate("koi8_u", 4, ("uk", "ru")),
    _Candidate("iso8859_5", 8, _CYRILLIC),
    _Candidate("iso8859_7", 3, ("el",)),
    _Candidate("iso8859_9", 3, ("tr",)),
    _Candidate("iso8859_8", 4, ("he",)),
    _Candidate("iso8859_6", 5, ("ar",)),
    _Candidate("iso8859_13", 9, _BALTIC),
    _Candidate("iso8859_4", 15, _BALTIC),
    _Candidate("iso8859_16", 18, ("ro",)),
    _Candidate("cp850", 9, _WESTERN),
    _Candidate("cp437", 10, _WESTERN),
    _Candidate("cp852", 9, _CENTRAL),
    _Candidate("cp866", 7, _CYRILLIC),
    _Candidate("cp857", 12, ("tr",)),
    _Candidate("cp737", 11, ("el",)),
    _Candidate("cp775", 13, _BALTIC),
    _Candidate("cp862", 11, ("he",)),
    _Candidate("mac_latin2", 11, _CENTRAL),
    _Candidate("mac_cyrillic", 9, _CYRILLIC),
    _Candidate("mac_turkish", 13, ("tr",)),
    _Candidate("mac_greek", 13, ("el",)),
)
_MULTIBYTE = ("gb18030", "cp932", "cp949", "cp950", "euc_jp")
#: a word of headers with a special letter makes a reading so many bits likelier
_KNOWN_WORD = 25.0
_WORD = re.compile(r"[^\W\d_]{4,}")
#: a sign that stands in a footer of many reports, and where it can be nothing else
_COPYRIGHT = re.compile(r"copyright ©|© ?(?:19|20)\d\d\b", re.IGNORECASE)
#: a reading has to be this many bits likelier than one that differs from it
_MARGIN = 10.0
#: what characters cost at most, on average, in what people write
_PRICE_SPECIAL, _PRICE_PLAIN = 13.0, 3.0
#: lines that are looked at first; the others only for the candidates that are left then
_FEW = 40
_HOPELESS = 60.0
#: one line in so many is rather a damaged byte than another encoding
_ONE_IN = 100
#: candidates that are shown
_MOST_SHOWN = 5
_ASCII = re.compile(rb"[\x00-\x7f]*")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1e\x7f]")


class _Reading(NamedTuple):
    """An encoding, its price in bits, and what the sample is in it.

    around: which part of the price is that of lines that are the same in each encoding.
    """

    name: str
    bits: float
    texts: tuple[str, ...]
    around: float


def detect(file: BinaryIO, label: str, broken_at: int) -> str:
    """Return the encoding of a file that is not UTF-8.

    broken_at: the place of the first byte that is not UTF-8.
    Raises UsageError, with the line, when no encoding or more than one is plausible.
    """
    sample = special_lines.take_sample(file)
    _refuse_halves(file, label, sample, broken_at)
    as_utf8 = [line for line in sample.lines if special_lines.is_utf8(line.content)]
    readings = _rank([line.content for line in sample.lines], sample.header)
    readings = [found for found in readings if _has_letters(found.name, sample.high)]
    while readings and readings[0].name in _MULTIBYTE:
        damaged_at = file_bytes.find_undecodable(file, readings[0].name)
        if damaged_at is None:
            break
        if _is_certain(readings):
            line = file_bytes.count_lines(file, damaged_at, "ascii")
            raise UsageError(
                f"{label} is {readings[0].name.upper()}, but its byte {damaged_at} "
                f"(line {line}) cannot be read"
            )
        readings.pop(0)
    if as_utf8:
        _refuse_mixed(file, label, sample, as_utf8, readings, broken_at)
    first = readings[0] if readings else None
    line = file_bytes.count_lines(file, broken_at, "ascii")
    if first is None or not _is_text(first):
        raise UsageError(
            f"{label} is not UTF-8: byte {broken_at} (line {line}) cannot be read, "
            "and no other encoding makes text of it",
            hint="save it again as UTF-8 where it comes from",
        )
    is_one_of_many = sample.high_lines == 1 and sample.all_lines > _ONE_IN
    is_one_of_many = is_one_of_many and not _COPYRIGHT.search("".join(first.texts))
    if is_one_of_many or not _is_certain(readings):
        raise _undecided(file, label, sample, readings)
    return first.name


def _is_certain(readings: Sequence[_Reading]) -> bool:
    """Tell whether the first of some readings is text, and likelier than those that differ.

    The rarer its encoding is, the more it takes.
    """
    first = readings[0]
    rarity = next(found.rarity for found in _CANDIDATES if found.name == first.name)
    rival = next((found for found in readings[1:] if found.texts != first.texts), None)
    return _is_text(first) and (rival is None or rival.bits - first.bits >= _MARGIN + rarity)


def _is_text(reading: _Reading) -> bool:
    """Tell whether a reading is what people write, and has next to no control characters."""
    text = "".join(reading.texts)
    special = sum(char > "\x7f" for char in text)
    if len(_CONTROLS.findall(text)) * 50 > len(text):
        return False
    bits = reading.bits - reading.around
    return bits < _PRICE_SPECIAL * special + _PRICE_PLAIN * (len(text) - special) + 99


def find_utf8(file: BinaryIO, name: str) -> int | None:
    """Return the place of a line that is UTF-8 rather than the encoding of a name."""
    lines = [
        line
        for line in special_lines.take_sample(file).lines
        if special_lines.is_utf8(line.content)
    ]
    if not lines:
        return None
    try:
        texts = [special_lines.decode_line(line.content, name) for line in lines]
    except UnicodeError:
        return lines[0].place
    every = tuple(plausibility.languages())
    codes = next((found.languages for found in _CANDIDATES if found.name == name), every)
    as_utf8 = plausibility.measure(
        [special_lines.decode_line(line.content, "utf-8") for line in lines], every
    )
    return lines[0].place if as_utf8 <= plausibility.measure(texts, codes) else None


def _has_letters(name: str, high: bytes) -> bool:
    """Tell whether each byte is a letter of an encoding of one byte a letter."""
    try:
        return name in _MULTIBYTE or bool(high.decode(name))
    except UnicodeError:
        return False


def _rank(lines: Sequence[bytes], header: Sequence[bytes]) -> list[_Reading]:
    """Return the readings that are possible, the likeliest first."""
    readings = _read_all(_CANDIDATES, lines[:_FEW], header)
    if len(lines) > _FEW and readings:
        limit = readings[0].bits + _HOPELESS
        left = {found.name for found in readings if found.bits < limit}
        readings = _read_all([one for one in _CANDIDATES if one.name in left], lines, header)
        readings = readings or _read_all(_CANDIDATES, lines, header)
    return readings


def _read_all(
    candidates: Sequence[_Candidate], lines: Sequence[bytes], header: Sequence[bytes]
) -> list[_Reading]:
    around = [line.decode() for line in header if line.isascii()]
    found = []
    for candidate in candidates:
        try:
            texts = tuple(special_lines.decode_line(line, candidate.name) for line in lines)
        except UnicodeError:
            continue
        bits = plausibility.measure([*texts, *around], candidate.languages)
        bits -= _KNOWN_WORD * min(3, len(_find_known_words(texts)))
        bits -= _KNOWN_WORD * any(map(_COPYRIGHT.search, texts))
        same = plausibility.measure(around, candidate.languages)
        found.append(_Reading(candidate.name, candidate.rarity + bits, texts, same))
    return sorted(found, key=lambda reading: reading.bits)


@lru_cache(maxsize=1)
def _known_words() -> frozenset[str]:
    """Return the words of headers that have letters beyond ASCII, in all languages."""
    listed = (word for each in words.load_languages() for some in each.words.values()
              for word in some if not word.isascii())  # fmt: skip
    return frozenset(
        part.casefold().translate(plausibility.SAME)
        for word in listed
        for part in _WORD.findall(word)
        if not part.isascii()
    )


def _find_known_words(texts: Sequence[str]) -> set[str]:
    found = {word.casefold() for text in texts for word in _WORD.findall(text)}
    return {word.translate(plausibility.SAME) for word in found} & _known_words()


def _refuse_halves(
    file: BinaryIO, label: str, sample: special_lines.Sample, broken_at: int
) -> None:
    """Raise UsageError for UTF-8 in which some letters are written as two halves (CESU-8)."""
    try:
        for line in sample.lines:
            line.content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return
    if all(special_lines.is_utf8(line.content) for line in sample.lines):
        return
    line_number = file_bytes.count_lines(file, broken_at, "ascii")
    raise UsageError(
        f"{label} is not UTF-8: byte {broken_at} (line {line_number}) is half of a letter",
        hint="save it again as UTF-8 where it comes from",
    )


def _refuse_mixed(
    file: BinaryIO,
    label: str,
    sample: special_lines.Sample,
    as_utf8: Sequence[special_lines.SpecialLine],
    readings: Sequence[_Reading],
    broken_at: int,
) -> None:
    """Raise UsageError when some lines are UTF-8 and others something else."""
    others = [line for line in sample.lines if not special_lines.is_utf8(line.content)]
    every = tuple(plausibility.languages())
    bits = 8 + plausibility.measure(
        [special_lines.decode_line(line.content, "utf-8") for line in as_utf8], every
    )
    rest = _rank([line.content for line in others], sample.header)
    if readings and (not rest or bits + rest[0].bits >= readings[0].bits):
        return
    one = file_bytes.count_lines(file, as_utf8[0].place, "ascii")
    two = file_bytes.count_lines(file, broken_at, "ascii")
    raise UsageError(
        f"{label} has more than one encoding: line {one} is UTF-8, line {two} is not, "
        f"as its byte {broken_at} shows",
        hint="save each part of it as UTF-8 before they are put together",
    )


def _undecided(
    file: BinaryIO, label: str, sample: special_lines.Sample, readings: Sequence[_Reading]
) -> UsageError:
    """Return the error of several encodings, with the line that most of them differ in."""
    likely = [found for found in readings if found.bits < readings[0].bits + _HOPELESS]
    number = max(
        range(len(sample.lines)),
        key=lambda place: (len({found.texts[place] for found in likely}), -place),
    )
    shown: dict[str, str] = {}
    for found in likely:
        text = found.texts[number][:100].strip()
        if text not in shown.values() and len(shown) < _MOST_SHOWN:
            shown[found.name] = text
    place = sample.lines[number].place
    place += len(_ASCII.match(sample.lines[number].content)[0])  # type: ignore[index] # it matches
    line = file_bytes.count_lines(file, place, "ascii")
    lines = "".join(f"\n  {name}: {text}" for name, text in shown.items())
    return UnclearEncodingError(
        f"{label} is not UTF-8: byte {place} (line {line}) cannot be read, "
        f"and what encoding it has is not certain. Line {line} would be{lines}",
        shown,
    )
