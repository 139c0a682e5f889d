"""How likely a text is what somebody has written: the ground on which encodings are told apart.

Every reading of the same bytes is given a price in bits, the smaller the likelier: what its
letters cost in the languages of its encoding, after the letter before them, and what symbols,
capitals and letters of other scripts cost where nobody would write them.
"""

from __future__ import annotations

import functools
import operator
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib import resources
from math import log2
from typing import NamedTuple

_FOREIGN = 17.0
_OTHER_SCRIPT = 22.0
_UNSEEN_PAIR = 5.0
_ODD_CASE = 10.0
_MIXED, _MIXED_CJK = 14.0, 5.0
_SYMBOL = 18.0
_CONTROL = 26.0
#: a sign that tears a word apart
_TORN = 12.0
#: a sign of an amount beside its digits
_IN_AMOUNT = 5.0
#: what comes again says less: how its count is weighed, as an exponent
_REPEATED = 0.7
#: how many times words and languages are matched to each other
_ROUNDS = 3
#: a word without special letters says something about the language, and little about the encoding
_PLAIN_WEIGHT = 0.3

_TOKEN = re.compile(
    r"(?:[^\W\d_ªºµ]|[\u0300-\u036f\u0e31\u0e34-\u0e4e\u05b0-\u05c7\u064b-\u0652])+|[^\x00-\x7f]"
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+|\w+://[!-+\--:<-~]+", re.ASCII)
#: letters of scripts that are not mixed with Latin inside of a word, and of those that may be
_APART = re.compile(r"[\u0370-\u1dff]")
_CJK = re.compile(r"[\u2e80-\uffef]")
_AMOUNT = re.compile("[^0-9]?[\xa3\u20ac\xa5]\xa0?[0-9]|[0-9][\xb0\u20ac\xa3\xb2\xb3\xba\xaa]")
#: Romanian letters with a comma below, which older encodings write with a cedilla
SAME = str.maketrans("\u0218\u0219\u021a\u021b", "\u015e\u015f\u0162\u0163")
#: katakana of half the width, as in files of banks and old systems
_HALF = re.compile("[\uff66-\uff9f]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")


class Language(NamedTuple):
    """Prices of letters: of each one, and of each one after another."""

    letters: dict[str, float]
    pairs: dict[str, dict[str, float]]


class Symbols(NamedTuple):
    """Prices of signs that people write, and those that stand inside, before and after words."""

    prices: dict[str, float]
    inside: str
    before: str
    after: str


@functools.cache
def _blocks() -> dict[str, dict[str, str]]:
    """Return the lines of the letters' file by their first character, by block."""
    text = resources.files(__package__).joinpath("letters.txt").read_text(encoding="utf-8")
    found = {}
    for block in re.split(r"^\[", text, flags=re.MULTILINE)[1:]:
        code, _, lines = block.partition("]\n")
        found[code] = {line[0]: line[2:] for line in lines.split("\n") if line}
    return found


@functools.cache
def symbols() -> Symbols:
    """Return what is known of signs."""
    lines = _blocks()["signs"]
    prices = {**_read_prices(lines["*"]), "\xa0": 7.0, "\u3000": 6.0, "\xad": 10.0}
    both = lines["&"] + "\xad\xa0"
    return Symbols(prices, both, both + lines["<"] + "\xa0\u3000", both + lines[">"] + "\xa0\u3000")


@functools.cache
def languages() -> Mapping[str, Language]:
    """Return the languages that are known, by their codes."""
    found: dict[str, Language] = {}
    for code, lines in _blocks().items():
        if code != "signs":
            pairs = {letter: _read_prices(groups) for letter, groups in lines.items()}
            found[code] = Language(pairs.pop("*"), pairs)
    return found


def _read_prices(groups: str) -> dict[str, float]:
    return {letter: float(int(group[0], 36)) for group in groups.split(" ") for letter in group[1:]}


def measure(lines: Sequence[str], codes: Sequence[str]) -> float:
    """Return the price of lines in bits, if they are in any mixture of some languages.

    codes: of the languages that the text may be in; English may always occur.
    """
    words: Counter[tuple[str, bool]] = Counter()
    signs: Counter[tuple[str, float]] = Counter()
    known = symbols().prices
    for line in lines:
        text = _ADDRESS.sub(" ", _HALF.sub(_widen, unicodedata.normalize("NFC", line)))
        text = text.translate(SAME)
        for match in _TOKEN.finditer(text):
            token = match[0]
            if (len(token) > 1 or token.isalpha()) and token not in known:
                words[token, _is_special(text, match.start(), match.end())] += 1
            else:
                signs[token, _price_symbol(token, text, match.start())] += 1
    bits = 0.0
    for (_, price), count in signs.items():
        bits += price * float(count**_REPEATED)
    return bits + _price_words(words, tuple(dict.fromkeys((*codes, "en"))))


def _widen(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", found[0])


def _is_special(text: str, start: int, end: int) -> bool:
    """Tell whether a word has letters, or signs beside it, that encodings differ in."""
    return not text[max(0, start - 1) : end + 1].isascii()


def _price_symbol(symbol: str, text: str, place: int) -> float:
    price = symbols().prices.get(symbol)
    if price is None:
        price = _SYMBOL
        if len(symbol) == 1 and unicodedata.category(symbol) in ("Cc", "Co", "Cn", "Cs"):
            return _CONTROL
    if _AMOUNT.match(text, max(0, place - 1)):
        return min(price, _IN_AMOUNT)
    is_after, is_before = text[place - 1 : place].isalpha(), text[place + 1 : place + 2].isalpha()
    if is_after and is_before:
        return price if symbol in symbols().inside else price + _TORN
    if symbol == "\u2019" and is_before and not text[place + 1].isascii():
        # 't and 's begin words, but in Greek it is the capital letter that this is in cp1253
        return price + _TORN
    is_odd = is_after and symbol not in symbols().after
    is_odd = is_odd or (is_before and symbol not in symbols().before)
    return price + 6.0 if is_odd else price


def _price_words(words: Mapping[tuple[str, bool], int], codes: tuple[str, ...]) -> float:
    prices = {word: [_price_word(code, word) for code in codes] for word, _ in words}
    # how likely each word is in each language
    odds = {word: [2**-price for price in found] for word, found in prices.items()}
    shares = [1 / len(codes)] * len(codes)
    for _ in range(_ROUNDS):
        found = [0.5 / len(codes)] * len(codes)
        for (word, _), count in words.items():
            chances = list(map(operator.mul, shares, odds[word]))
            whole = sum(chances) or 1.0
            for place, chance in enumerate(chances):
                found[place] += count * chance / whole
        shares = [share / sum(found) for share in found]
    bits = 0.0
    for (word, is_special), count in words.items():
        best = min(prices[word])
        chance = sum(
            share * 2 ** (best - price) for share, price in zip(shares, prices[word], strict=True)
        )
        weight = 1.0 if is_special else _PLAIN_WEIGHT
        bits += weight * count**_REPEATED * (best - log2(chance))
    return bits


@functools.lru_cache(1 << 15)
def _price_word(code: str, word: str) -> float:
    letters, pairs = languages()[code]
    price = _price_case(word)
    if not word.isascii() and _LATIN.search(word):
        price += _MIXED if _APART.search(word) else _MIXED_CJK if _CJK.search(word) else 0.0
    before = "^"
    for letter in (*word.replace("İ", "i").lower(), "$"):
        followers = pairs.get(before)
        found = followers.get(letter) if followers else None
        if found is None:
            found = letters.get(letter)
            if found is None:
                found = 0.0 if letter == "$" else _price_foreign(letter, letters)
            elif pairs:
                found = min(found + _UNSEEN_PAIR, _FOREIGN)
        price += found
        before = letter
    return price


@functools.lru_cache(4096)
def _script(letter: str) -> str:
    name = unicodedata.name(letter, "?").split(" ")[0].split("-")[0]
    return "CJK" if name in ("CJK", "HIRAGANA", "KATAKANA", "HANGUL") else name


def _price_foreign(letter: str, letters: dict[str, float]) -> float:
    if letter.isascii():
        return 7.0
    same = _script(letter) == _script(next(reversed(letters)))
    price = _FOREIGN if same or _script(letter) == "COMBINING" else _OTHER_SCRIPT
    return price if letter.isalpha() else price + 2


def _price_case(word: str) -> float:
    if word.islower() or (word[1:].islower() and word[0].isupper()):
        return 1.0
    if word.isupper():
        return 3.0
    price = 0.0
    for place in range(1, len(word)):
        one, two = word[place - 1], word[place]
        if one.islower() and two.isupper():
            price += 3.0 if (one + two).isascii() else _ODD_CASE
        elif one.isupper() and two.islower() and place > 1 and two != "ß":
            price += _ODD_CASE if word[place - 2].isupper() else 0.0
    return price
