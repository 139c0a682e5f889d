"""What the values of a column look like, whatever its header says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from . import addresses, cleaning, dates, words

#: values of a column that are looked at, from all over the sample
_MOST_CELLS = 200
_LINKEDIN = re.compile(r"(?:https?://)?(?:[a-z]{2,3}\.)?linkedin\.com/(?:in|pub)/.+|/?in/\S+", re.I)
_LINKEDIN_COMPANY = re.compile(r".*linkedin\.com/(?:company|school|showcase)/", re.IGNORECASE)
_TWITTER = re.compile(r"(?:https?://)?(?:www\.|mobile\.)?(?:twitter|x)\.com/.+|@\w{1,15}", re.I)
_HANDLE = re.compile(r"@?[A-Za-z0-9_]{2,15}")
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_NUMBER = re.compile(r"[#\d.,%$€£-]+")
#: what is put before or behind a name, folded and without full stops
_ACADEMIC = re.compile(
    r"(?:(?:dr|drs|prof|professor|priv|pd|univ|mag|dipl|ing|med|dent|vet|phil|jur|rer|nat|pol|"
    r"oec|theol|habil|hc|h|c|phd|ba|ma|bsc|msc|mba|llm|llb|beng|meng|mphil|fh|tu|univ|dott|"
    r"dottssa|avv|mgr|inz|hab|ir|bc|mudr|judr|rndr|phdr|csc|betriebsw|kfm|kff|kaufm|inf)"
    r"(?:[\s/(),-]+|$))+"
)
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]+", re.IGNORECASE)
_YES_NO = frozenset(
    (
        "yes", "no", "true", "false", "y", "n", "t", "f", "0", "1", "ja", "nein", "oui", "non",
        "si", "s\u00ed", "sim", "n\u00e3o", "nao", "nej", "nee", "tak", "nie", "evet",
        "hay\u0131r", "\u0434\u0430", "\u043d\u0435\u0442", "\u306f\u3044",
        "\u3044\u3044\u3048", "\uc608", "\uc544\ub2c8\uc624", "\u662f", "\u5426", "on",
        "off", "x", "\u2713", "subscribed", "unsubscribed",
    )
)  # fmt: skip


class Sample(NamedTuple):
    """What is known of a column's values.

    cells: some of the values. filled: how many cells have one. different: how many different
    ones there are.
    """

    cells: tuple[str, ...]
    filled: int
    different: int

    def share(self, test: Callable[[str], object]) -> float:
        """Return which share of the values pass a test, 0.0 when there are none."""
        return sum(bool(test(cell)) for cell in self.cells) / len(self.cells) if self.cells else 0.0


def take_sample(rows: Sequence[Sequence[str]], column: int) -> Sample:
    """Return the sample of one column; rows may be too short for it."""
    cells = [row[column].strip() for row in rows if column < len(row)]
    values = [cell for cell in cells if cell and not cleaning.is_nothing(cell)]
    step = max(1, len(values) // _MOST_CELLS)
    return Sample(tuple(values[::step]), len(values), len(set(values)))


def differ(rows: Sequence[Sequence[str]], one: int, two: int) -> bool:
    """Tell whether two columns hold different values for more than a tenth of the people."""
    filled = _pair(rows, one, two)
    return 10 * sum(first != second for first, second in filled) > len(filled)


def contain(rows: Sequence[Sequence[str]], whole: int, part: int) -> bool:
    """Tell whether most cells of one column have those of another one as words in them."""
    filled = _pair(rows, whole, part)
    return 2 * sum(word in text and word != text for text, word in filled) > len(filled)


def share_keys(rows: Sequence[Sequence[str]], key: int, column: int) -> bool:
    """Tell whether two rows have the same key and different values in a column."""
    filled = {(first.casefold(), second.casefold()) for first, second in _pair(rows, key, column)}
    return len({first for first, _ in filled}) < len(filled)


def share_made_of(rows: Sequence[Sequence[str]], whole: int, parts: Sequence[int]) -> float:
    """Return in which share of the rows a name has one of its parts in it, 1.0 for no such row.

    What is written in another script cannot be compared, and counts as if it had.
    """
    found = [
        any(_has_part(text, part) for text, part in pairs)
        for row in rows
        if (pairs := [pair for each in parts for pair in _pair([row], whole, each)])
    ]
    return sum(found) / len(found) if found else 1.0


def _has_part(text: str, part: str) -> bool:
    name, word = words.fold(text), words.fold(part)
    return word in name or name in word or name[0].isascii() != word[0].isascii()


def _pair(rows: Sequence[Sequence[str]], one: int, two: int) -> list[tuple[str, str]]:
    """Return the values of two columns, of the rows that have both."""
    pairs = [(row[one].strip(), row[two].strip()) for row in rows if max(one, two) < len(row)]
    return [pair for pair in pairs if all(pair)]


def has_address(text: str) -> bool:
    """Tell whether there is an e-mail address in a text."""
    if "@" not in text and "\uff20" not in text:
        return False
    return addresses.find_address(text) is not None


def is_address(text: str) -> bool:
    """Tell whether a text is an e-mail address and nothing else."""
    return addresses.is_address(text)


def has_several(text: str) -> bool:
    """Tell whether there are several e-mail addresses in a text."""
    return text.count("@") > 1 and all(map(has_address, re.split(r"[;,\s]+", text.strip(" ;,"))))


def is_phone(text: str) -> bool:
    """Tell whether a text could be a phone number: mostly digits, and enough of them."""
    digits = sum(letter.isdigit() for letter in text)
    letters = sum(letter.isalpha() for letter in text)
    return digits >= 5 and letters <= max(digits, 8) + 40 * text.startswith("+")


def is_profile(text: str) -> bool:
    """Tell whether a text is the LinkedIn page of a person."""
    return bool(_LINKEDIN.match(text))


#: what ends the name of a company rather than that of a person
_COMPANY_FORMS = frozenset(
    (
        "ab", "ag", "as", "bv", "b.v", "co", "corp", "corporation", "company", "gmbh", "group",
        "inc", "kg", "limited", "llc", "llp", "ltd", "nv", "oy", "oyj", "plc", "pty", "s.a", "sa",
        "sarl", "sas", "s.l", "sl", "spa", "s.p.a", "srl", "s.r.l", "ug", "university",
    )
)  # fmt: skip


def _is_page(text: str) -> bool:
    return bool(is_profile(text) or _TWITTER.match(text) or ("." in text and "/" in text))


def _is_handle(text: str) -> bool:
    return bool(_HANDLE.fullmatch(text)) and not text.isdigit()


def _is_full_name(text: str) -> bool:
    """Tell whether a text could be somebody's whole name: two to five words with capitals."""
    names = text.split()
    if not 2 <= len(names) <= 5 or any(letter.isdigit() for letter in text):
        return False
    if _is_firm(text):
        return False
    return all(name[0].isalpha() and not name[0].islower() for name in (names[0], names[-1]))


def _is_firm(text: str) -> bool:
    """Tell whether a text ends as the names of firms do."""
    *others, last = text.split()
    return bool(others) and last.strip(".,").casefold() in _COMPANY_FORMS


def _is_yes_no(text: str) -> bool:
    return text.casefold() in _YES_NO


@lru_cache(maxsize=2)
def _list_values(meaning: str) -> frozenset[str]:
    """Return the folded words of all languages with a meaning: "salutations", "roles"."""
    listed = (word for each in words.load_languages() for word in each.words.get(meaning, []))
    return frozenset(map(_fold, listed))


def _fold(text: str) -> str:
    return words.fold(text).replace(".", "").strip()


def _is_salutation(text: str) -> bool:
    folded = _fold(text)
    return folded in _list_values("salutations") or bool(_ACADEMIC.fullmatch(folded))


def _is_event_role(text: str) -> bool:
    """Tell whether a text is what somebody is at an event, and not at work."""
    return _fold(text) in _list_values("roles")


def _is_date(text: str) -> bool:
    return len(text) <= 80 and dates.looks_like_date(text)


def speaks_against(field: str, sample: Sample) -> bool:
    """Tell whether the values of a column cannot be those of a field that its header names."""
    if not sample.filled:
        return False
    if field == "EMAIL":
        return sample.share(has_address) == 0
    if field == "JOINED_AT":
        return sample.share(_is_date) < 0.3
    if field == "PHONE":
        return sample.share(is_phone) < 0.3
    if field in ("LINKEDIN_URL", "X_URL"):
        if sample.share(_LINKEDIN_COMPANY.match) > 0.5 or sample.share(_is_yes_no) > 0.5:
            return True
        return sample.share(_is_page) == 0 and sample.share(_is_handle) < 0.6
    if sample.share(_is_yes_no) > 0.9 or sample.share(_NUMBER.fullmatch) > 0.9:
        return True
    if sample.share(has_address) > 0.5 or sample.share(_URL.match) > 0.5:
        return True
    if field == "JOB_TITLE":
        return sample.share(_is_salutation) > 0.5 or sample.share(_is_event_role) > 0.9
    if field in ("NAME", "FIRST_NAME", "LAST_NAME"):
        return sample.share(_is_firm) > 0.5
    return field == "ADDRESS" and sample.share(_IP.fullmatch) > 0.5


def speaks_for(field: str, sample: Sample) -> bool:
    """Tell whether the values of a column alone show that it holds a field."""
    if field == "EMAIL":
        return sample.share(has_address) >= 0.6 and sample.different > sample.filled / 2
    if field == "LINKEDIN_URL":
        return sample.share(is_profile) >= 0.6
    if field == "X_URL":
        return sample.share(_TWITTER.match) >= 0.6 and sample.share(has_address) == 0
    if field == "PHONE":
        return sample.share(is_phone) >= 0.6 and sample.share(_is_date) < 0.3
    if field == "JOINED_AT":
        return sample.share(_is_date) >= 0.6
    if field == "NAME":
        return sample.share(_is_full_name) >= 0.8 and sample.different > 0.8 * sample.filled
    return False


def share_names(rows: Sequence[Sequence[str]], name: int, email: int) -> bool:
    """Tell whether addresses are made of names: ada.lindqvist@ or alindqvist@ of Ada Lindqvist.

    More than half of them, in the same rows.
    """
    pairs = [(text, cell) for text, cell in _pair(rows, name, email) if "@" in cell]
    return 2 * sum(_is_made_of(text, cell) for text, cell in pairs) > len(pairs)


def _is_made_of(name: str, cell: str) -> bool:
    local = words.fold(cell.partition("@")[0])
    return any(len(word) >= 3 and word in local for word in re.split(r"[\s.-]+", words.fold(name)))


def may_be_suggested(field: str, sample: Sample) -> bool:
    """Tell whether the server's suggestion of a field, of which the header knows nothing, counts.

    It may have seen no more than dates, which could be any: only such as could be those of
    joining do, and only in ISO 8601, because what was not chosen is not converted.
    """
    if speaks_against(field, sample):
        return False
    if field == "JOINED_AT":
        recent = sample.share(lambda cell: dates.is_iso(cell) and cell[:4] >= "2005")
        return recent > 0.9 and sample.different > sample.filled / 4 and sample.different > 1
    return field not in ("EMAIL", "LINKEDIN_URL", "X_URL", "PHONE") or speaks_for(field, sample)
