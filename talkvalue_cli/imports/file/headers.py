"""What the header of a column says: which field it names, whose, and how plainly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from . import vocabulary, words
from .vocabulary import (
    LONGEST_PHRASE,
    NAME_OR_PART,
    NOT_USED,
    classify,
    find_class,
    find_exact,
    find_fields,
    split,
    take_apart,
)

#: what a kind costs: the column that costs least gets the field
_KIND_COSTS = {
    "EMAIL": {"primary": -1, "work": 1, "home": 2, "mobile": 6, "other": 6},
    "PHONE": {"primary": -1, "mobile": 1, "work": 3, "home": 4, "other": 6},
    "ADDRESS": {"primary": -1, "home": 1, "work": 2, "other": 5},
}
_OTHER_COSTS = {"primary": 0, "work": 0, "home": 0, "mobile": 0, "other": 6}
#: what else may be in a header, and what it costs: "name of the company", "e-mail address"
_TOGETHER = {
    "COMPANY_NAME": {"NAME": 0, NAME_OR_PART: 0, "ADDRESS": 2},
    "EMAIL": {"ADDRESS": 0, "COMPANY_NAME": 4, NAME_OR_PART: 0},
    "JOB_TITLE": {"COMPANY_NAME": 0, NAME_OR_PART: 0},
    "JOINED_AT": {NOT_USED: 0},
    "ADDRESS": {"COMPANY_NAME": 8},
    "LINKEDIN_URL": {"X_URL": 0, NAME_OR_PART: 0, NOT_USED: 0},
    "X_URL": {NOT_USED: 0, NAME_OR_PART: 0},
    "FIRST_NAME": {NAME_OR_PART: 0},
    "LAST_NAME": {NAME_OR_PART: 0},
    "NAME": {NAME_OR_PART: 0},
}
#: what a header with such a name beside it is: "Nom / Last name"
_NAMES = ("NAME", "FIRST_NAME", "LAST_NAME")
#: what makes a column one of something or somebody else
_EXCLUDING = (NOT_USED, "other thing", "other person", "COMPANY_NAME")
WEAK_COST = 20
#: so many words are a question and not a name of something
_SENTENCE = 4

# round and square ones, and the full-width ones of East Asia
_BRACKETS = re.compile(
    r"\([^()]*\)|\[[^\[\]]*\]|\uff08[^\uff08\uff09]*\uff09|\u3010[^\u3010\u3011]*\u3011"
)
#: {{field:…}}, where a form shows an earlier answer
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}")
#: what stands between a question and the part of its answer: "Name: First", "Name - First"
_BEFORE_PART = re.compile(r"\s*[:\uff1a]\s*|\s+[-\u2013\u2014>|]\s+")


class Meaning(NamedTuple):
    """What a header says.

    field: one of TARGET_FIELDS, NAME_OR_PART, NOT_USED, or "" when its words are not known.
    cost: of two columns for a field the one that costs less gets it.
    role: `attendee` or `buyer` when it says whose it is, "" when it does not.
    is_weak: there are unknown words beside the ones that name the field.
    languages: codes of the languages that have this word.
    """

    field: str = ""
    cost: float = 0
    role: str = ""
    is_weak: bool = False
    languages: tuple[str, ...] = ()


def find_languages(headers: Sequence[str]) -> list[str]:
    """Return the codes of the languages that the headers seem to be in, the likeliest first."""
    counts = count_languages(headers)
    codes = [language.code for language in words.load_languages()]
    return sorted(codes, key=lambda code: -counts[code])


def count_languages(headers: Sequence[str]) -> Counter[str]:
    """Return how many of the headers each language knows, by its code."""
    counts: Counter[str] = Counter()
    for header in headers:
        for text in (header, _BRACKETS.sub(" ", header)):
            if known := vocabulary.find_languages(split(text)):
                counts.update(known)
                break
    return counts


def read_header(header: str, languages: Sequence[str]) -> Meaning:
    """Return what a header says; languages: in which order to look its words up."""
    header = _drop_empty_brackets(_TEMPLATE.sub(" ", header), languages)
    whole = split(header)
    if part := _read_part(header, languages):
        return part
    bare = split(_BRACKETS.sub(" ", header)) or whole
    if found := find_exact(whole, languages):
        return _choose_exact(found, languages)
    if found := find_exact(bare, languages):
        return _add_brackets(_choose_exact(found, languages), header, languages)
    parts = [part for token in bare for part in take_apart(token)]
    meaning = _read_numbered(parts, languages)
    if meaning.field in ("", NOT_USED) or meaning.is_weak:
        plain = [part for part in parts if find_class(part, languages) != "filler"]
        again = _read_numbered(plain, languages)
        meaning = meaning if again.field in ("", NOT_USED) or again.is_weak else again
    return _add_brackets(meaning, header, languages)


def _drop_empty_brackets(header: str, languages: Sequence[str]) -> str:
    """Return a header without brackets that say nothing: "(required)"."""
    for bracket in _BRACKETS.findall(header):
        if set(classify(split(bracket), languages)) <= {"filler"}:
            header = header.replace(bracket, " ")
    return header


def _read_part(header: str, languages: Sequence[str]) -> Meaning | None:
    """Return what a header says that has a part behind what is asked for.

    "Full name - Last name" is a part of the name; "Please tell us about you: Company" an answer.
    """
    *before, part = _BEFORE_PART.split(header.replace("_", " ").strip(" :\uff1a"))
    found = find_exact(split(part), languages) if any(before) else {}
    if not found:
        return None
    meaning, question = _choose_exact(found, languages), " ".join(before)
    if meaning.field in ("FIRST_NAME", "LAST_NAME"):
        whole = read_header(question, languages)
        if whole.field in ("NAME", NAME_OR_PART):
            return meaning._replace(role=whole.role)
    kinds = list(classify(split(question), languages))
    is_sentence = len(kinds) >= _SENTENCE and set(kinds) <= {"", "filler", "attendee"}
    return meaning._replace(cost=meaning.cost + 1) if is_sentence else None


def _read_numbered(parts: Sequence[str], languages: Sequence[str]) -> Meaning:
    """Return what a header says in which there may be numbers: "1. E-mail", "E-mail 2"."""
    if len(parts) > 1 and parts[0].isdecimal():
        parts = parts[1:]
    number = next((int(part[:4]) for part in parts if part.isdecimal()), 1)
    meaning = _read_parts([part for part in parts if not part.isdecimal()], languages)
    return meaning._replace(cost=meaning.cost + max(0, min(number - 1, 9)))


def _add_brackets(meaning: Meaning, header: str, languages: Sequence[str]) -> Meaning:
    """Return what a header says with what is in brackets: "Email (work)", "Name (parent)".

    Most brackets explain the value, so that only the first word counts that says whose or which
    it is. What is nothing but something else makes the column one of that: "Address (country)".
    """
    inside = split(" ".join(_BRACKETS.findall(header)))
    if not inside or meaning.field in ("", NOT_USED):
        return meaning
    preferred = [*meaning.languages, *languages]
    kinds = list(classify(inside, preferred))
    harmless = {"COMPANY_NAME", *_TOGETHER.get(meaning.field, {})}
    if set(kinds) <= set(_EXCLUDING) - harmless:
        return Meaning(NOT_USED)
    for kind in kinds:
        if kind in ("attendee", "buyer", "other person", *_OTHER_COSTS):
            return _add(meaning, kind)
    part = find_fields(inside)
    exact = _choose_exact(part, preferred) if part else Meaning()
    if exact.field == meaning.field:
        return meaning._replace(cost=meaning.cost + exact.cost)
    if meaning.field in ("NAME", NAME_OR_PART) and exact.field in ("FIRST_NAME", "LAST_NAME"):
        return meaning._replace(field=exact.field)
    return meaning


def _choose_exact(found: dict[str, tuple[str, float]], languages: Sequence[str]) -> Meaning:
    code = next(code for code in languages if code in found)
    field, cost = found[code]
    same = tuple(other for other in languages if found.get(other, ("",))[0] == field)
    return Meaning(field, cost, languages=same)


class _Span(NamedTuple):
    start: int
    end: int
    meaning: Meaning


def _read_parts(parts: Sequence[str], languages: Sequence[str]) -> Meaning:
    spans = list(_find_spans(parts, languages))
    if not spans:
        return _read_unnamed(parts, languages)
    # of two the last one is what the other one says more about: "business address"
    best = max(spans, key=lambda span: (span.end - span.start, span.start))
    meaning = best.meaning
    if meaning.field == NOT_USED:
        # "date" alone says nothing, but "birthday of the attendee" is no field of ours
        return meaning
    preferred = [*meaning.languages, *languages]
    for tokens in (parts[: best.start], parts[best.end :]):
        for kind in classify(tokens, preferred):
            meaning = _add(meaning, kind)
            if meaning.field == NOT_USED:
                return meaning
    return meaning


def _find_spans(parts: Sequence[str], languages: Sequence[str]) -> Iterator[_Span]:
    for start in range(len(parts)):
        for end in range(start + 1, min(start + LONGEST_PHRASE, len(parts)) + 1):
            found = find_exact(parts[start:end], languages)
            if found:
                yield _Span(start, end, _choose_exact(found, languages))


def _read_unnamed(parts: Sequence[str], languages: Sequence[str]) -> Meaning:
    """Return what a header says that names no field.

    "Owner" is somebody else, "Guest" may be a name, "Q 17" is not known.
    """
    kinds = set(classify(parts, languages)) - {"filler"}
    if kinds & {"other thing", "other person"}:
        return Meaning(NOT_USED)
    if kinds and kinds <= {"attendee", "buyer"}:
        return Meaning("NAME", WEAK_COST, min(kinds), is_weak=True)
    return Meaning()


def _add(meaning: Meaning, kind: str) -> Meaning:
    """Return what a header says with one more phrase beside the one that names the field.

    kind: the class or the field of the phrase, "" for words that are not known.
    """
    field = meaning.field
    if kind == "filler" or kind == field:
        return meaning
    if kind in ("attendee", "buyer"):
        return meaning._replace(role=kind)
    if kind in _OTHER_COSTS:
        costs = _KIND_COSTS.get(field, _OTHER_COSTS)
        return meaning._replace(cost=meaning.cost + costs.get(kind, 6))
    if kind in _TOGETHER.get(field, {}):
        return meaning._replace(cost=meaning.cost + _TOGETHER[field][kind])
    if field == NAME_OR_PART and kind in _NAMES:
        return meaning._replace(field=kind)
    if kind in _EXCLUDING:
        return Meaning(NOT_USED)
    return meaning._replace(is_weak=True, cost=meaning.cost + WEAK_COST)
