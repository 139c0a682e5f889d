"""Which column is which field: what the caller says, what headers say, what values look like.

The rule, as `help mapping` has it: a header that is in the lists of words goes to the field of
its word, the attendee's column before the buyer's, unless the values show that it is something
else. A column whose header says nothing goes to EMAIL or a profile's URL when most of its values
are such, else to what the server suggests, if it is sure enough and neither header nor values
speak against it. Of two columns that are as good the one that the server suggests is used; when
it suggests neither, you are asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from talkvalue_cli.api.models import TARGET_FIELDS

from . import headers as header_words
from . import name_words, samples, whose
from .choice import Choice, ChosenColumn, Undecided, UnusedColumn
from .headers import Meaning
from .mapping import DEFAULT_CONFIDENCE, MappedColumn
from .name_words import NameWords
from .vocabulary import NAME_OR_PART, NOT_USED

#: why a column is used, for people
BY_RULE = "mapping"
BY_HEADER = "header"
BY_VALUES = "values"
BY_SERVER = "suggested"
_NAMES = ("FIRST_NAME", "LAST_NAME", "NAME")
#: fields that are wrong for anybody else
_PERSONAL = (*_NAMES, "PHONE", "LINKEDIN_URL", "X_URL")
#: fields that values alone can show
_SHOWN_BY_VALUES = ("EMAIL", "LINKEDIN_URL", "X_URL")
_BUYER_COST = 10
_VALUES_COST = 30
_SERVER_COST = 40
_EMPTY_COST = 50
#: "Guest Name" goes with "Guest Email", whatever the server suggests of others
_SAME_WORD_GAIN = 1


class _Candidate(NamedTuple):
    column: int
    field: str
    cost: float
    why: str
    role: str


def choose(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    rules: Mapping[int, str] | None = None,
    skipped: Set[int] = frozenset(),
    suggestions: Sequence[MappedColumn] | None = None,
    min_confidence: float = DEFAULT_CONFIDENCE,
) -> Choice:
    """Return which column is used for which field.

    rows: some of the file, from all over it if that can be had; the more the surer.
    rules: column -> field, as the caller wants it; nothing overrules them.
    skipped: columns that are never used.
    suggestions: what the server makes of the columns, if it was asked.
    """
    sure = {s.column: s.field for s in suggestions or () if (s.confidence or 0) >= min_confidence}
    return _Chooser(headers, rows, rules or {}, skipped, sure).run()


class _Chooser:
    """One choice under way."""

    def __init__(
        self,
        headers: Sequence[str],
        rows: Sequence[Sequence[str]],
        rules: Mapping[int, str],
        skipped: Set[int],
        suggested: Mapping[int, str],
    ) -> None:
        self._headers, self._rows, self._rules, self._skipped = headers, rows, rules, skipped
        self._suggested = suggested
        self._languages = header_words.find_languages(headers)
        self._meanings = [header_words.read_header(header, self._languages) for header in headers]
        self._samples = [samples.take_sample(rows, index) for index in range(len(headers))]
        self._chosen: dict[str, ChosenColumn] = {}
        self._undecided: list[Undecided] = []
        self._reasons: dict[int, str] = {}
        self._is_buyers = False
        self._spare: list[int] = []

    def run(self) -> Choice:
        for index, field in self._rules.items():
            self._chosen[field] = self._make_column(index, field, BY_RULE)
        candidates = [found for index in self._free() for found in self._list_candidates(index)]
        role = ""
        self._is_buyers = self._has_only_buyers(candidates)
        for field in TARGET_FIELDS:
            if field not in self._chosen:
                self._decide(field, [found for found in candidates if found.field == field], role)
            if field == "EMAIL" and field in self._chosen:
                role = self._meanings[self._chosen[field].index].role
        columns = sorted(self._chosen.values(), key=lambda column: column.index)
        used = {column.index for column in columns}
        unused = [
            UnusedColumn(index, header, self._explain(index))
            for index, header in enumerate(self._headers)
            if index not in used
        ]
        return Choice(
            columns,
            unused,
            self._undecided,
            tuple(self._languages),
            tuple(self._spare),
            {each.index: self._learn(each.index) for each in columns if each.field in _NAMES},
        )

    def _learn(self, index: int) -> NameWords:
        """Return how names are written in a column, or in others of names beside it."""
        kinds = (*_NAMES, NAME_OR_PART)
        others = [place for place, each in enumerate(self._meanings) if each.field in kinds]
        return name_words.learn(self._read(index), [c for each in others for c in self._read(each)])

    def _read(self, index: int) -> list[str]:
        return [row[index] for row in self._rows if index < len(row)]

    def _is_empty(self, index: int, field: str) -> bool:
        """Tell whether no value of a field was seen in a column."""
        if self._samples[index].filled or field not in _NAMES:
            return not self._samples[index].filled
        words = self._learn(index)
        return all(not cell.strip() or words.is_nothing(cell) for cell in self._read(index))

    def _has_only_buyers(self, candidates: Iterable[_Candidate]) -> bool:
        """Tell whether all names are the buyer's, so that an address that is nobody's is theirs."""
        roles = {each.role for each in candidates if each.field in _NAMES}
        others = any(meaning.role == "attendee" for meaning in self._meanings)
        return roles == {"buyer"} and not others and self._chosen.keys().isdisjoint(_NAMES)

    def _free(self) -> list[int]:
        return [
            index
            for index in range(len(self._headers))
            if index not in self._rules and index not in self._skipped
        ]

    def _make_column(self, index: int, field: str, why: str) -> ChosenColumn:
        return ChosenColumn(index, self._headers[index], field, why)

    def _list_candidates(self, index: int) -> Iterable[_Candidate]:
        """Yield the fields that a column could be for, with what each would cost."""
        meaning, sample = self._meanings[index], self._samples[index]
        suggested = self._suggested.get(index)
        field = self._resolve_name(index, meaning)
        if field and field != NOT_USED:
            if samples.speaks_against(field, sample):
                self._reasons[index] = f"its values are not those of {field}"
            elif not meaning.is_weak or suggested == field or samples.speaks_for(field, sample):
                yield _Candidate(index, field, meaning.cost, BY_HEADER, meaning.role)
                return
        if field == NOT_USED:
            return
        for field in _SHOWN_BY_VALUES:
            if samples.speaks_for(field, sample):
                yield _Candidate(index, field, _VALUES_COST, BY_VALUES, meaning.role)
                return
        if not self._headers[index].strip() and self._holds_names_of_addresses(index):
            yield _Candidate(index, "NAME", _VALUES_COST, BY_VALUES, "")
            return
        if suggested and samples.may_be_suggested(suggested, sample):
            yield _Candidate(index, suggested, _SERVER_COST, BY_SERVER, meaning.role)

    def _holds_names_of_addresses(self, index: int) -> bool:
        """Tell whether a column holds whole names, and the addresses beside them are made of them.

        Without that the names could be anybody's: of those who have invited the people.
        """
        if not samples.speaks_for("NAME", self._samples[index]):
            return False
        emails = [e for e, each in enumerate(self._meanings) if each.field == "EMAIL"]
        emails += [e for e, field in self._rules.items() if field == "EMAIL"]
        emails = emails or [
            e for e, each in enumerate(self._samples) if samples.speaks_for("EMAIL", each)
        ]
        return any(samples.share_names(self._rows, index, each) for each in emails)

    def _resolve_name(self, index: int, meaning: Meaning) -> str:
        """Return the field of a header; a name beside one part of it is the other part.

        Unless its values hold those of that part: then it is the whole name.
        """
        if meaning.field != NAME_OR_PART:
            return meaning.field
        parts = {field: self._find_plain(field) for field in ("FIRST_NAME", "LAST_NAME")}
        missing = [field for field, column in parts.items() if column is None]
        other = next((column for column in parts.values() if column is not None), None)
        if len(missing) != 1 or other is None or samples.contain(self._rows, index, other):
            return "NAME"
        return missing[0]

    def _find_plain(self, field: str) -> int | None:
        """Return the first column whose header plainly names a field."""
        for index in self._free():
            meaning = self._meanings[index]
            if meaning.field == field and not meaning.is_weak and meaning.role != "buyer":
                return index
        return next((index for index, mapped in self._rules.items() if mapped == field), None)

    def _decide(self, field: str, candidates: Iterable[_Candidate], role: str) -> None:
        priced = sorted(self._price(field, candidates, role))
        if not priced:
            return
        cost, first, best = priced[0]
        rivals = [
            candidate
            for other, index, candidate in priced[1:]
            if other == cost and samples.differ(self._rows, first, index)
        ]
        if rivals:
            equals = (best, *rivals)
            listed = tuple(self._make_column(each.column, field, each.why) for each in equals)
            self._undecided.append(Undecided(field, listed))
        else:
            self._chosen[field] = self._make_column(first, field, best.why)
            if field == "EMAIL" and best.why == BY_HEADER:
                self._spare = [i for _, i, each in priced[1:] if self._are_same_people(best, each)]

    def _are_same_people(self, one: _Candidate, other: _Candidate) -> bool:
        """Tell whether two columns are of the same people: an invitee's guest is another one."""
        sample = self._samples[other.column]
        return (
            other.why == BY_HEADER
            and other.role == one.role
            and other.cost < header_words.WEAK_COST
            and sample.different >= whose.NEARLY_ALL * sample.filled
            and (not one.role or self._begin_alike(one.column, other.column))
            and not whose.has_own_name(self._headers, self._meanings, one.column, other.column)
        )

    def _begin_alike(self, one: int, other: int) -> bool:
        return whose.begin_alike(self._headers[one], self._headers[other], self._languages)

    def _price(
        self, field: str, candidates: Iterable[_Candidate], role: str
    ) -> Iterator[tuple[float, int, _Candidate]]:
        """Yield the columns that may have a field, with what each costs."""
        found = [each for each in candidates if self._is_of(each, field, role)]
        most = max((self._samples[each.column].filled for each in found), default=0)
        for each in found:
            cost, filled = each.cost, self._samples[each.column].filled
            cost += (_EMPTY_COST if not filled else whose.SPARSE_COST) if 2 * filled < most else 0
            cost += {"buyer": _BUYER_COST, "attendee": -whose.ATTENDEE_GAIN}.get(each.role, 0)
            if field == "EMAIL":
                plain = max(
                    (self._samples[f.column].filled for f in found if not f.role), default=0
                )
                cost += whose.price_address(each.role, self._samples[each.column], plain)
            email = self._chosen.get("EMAIL")
            if email and self._begin_alike(email.index, each.column):
                cost -= _SAME_WORD_GAIN
            # whose address it is, of an applicant and a participant, no server knows
            if not (field == "EMAIL" and each.role):
                cost -= 0.25 * (self._suggested.get(each.column) == field)
            yield cost, each.column, each

    def _is_of(self, candidate: _Candidate, field: str, role: str) -> bool:
        """Tell whether a column is of the person whose address was chosen; role: whose that is."""
        is_guess = field == "NAME" and candidate.cost >= header_words.WEAK_COST
        if is_guess and not {"FIRST_NAME", "LAST_NAME"}.isdisjoint(self._chosen):
            return False
        if field != "EMAIL" and self._is_empty(candidate.column, field):
            self._reasons[candidate.column] = "no values seen"
            return False
        if field == "EMAIL":
            return True
        if field == "NAME" and self._contradicts(candidate):
            self._reasons[candidate.column] = "its values are other names than the first and last"
            return False
        if (field in _PERSONAL or candidate.role) and self._is_of_other(candidate):
            return False
        if candidate.role in ("", role):
            return True
        if role == "" and self._is_buyers:
            return True
        return candidate.role != "buyer" and role != "buyer"

    def _contradicts(self, candidate: _Candidate) -> bool:
        """Tell whether whole names are not made of the parts that were chosen: "Shipping Name"."""
        parts = [self._chosen[field].index for field in _NAMES if field in self._chosen]
        if not parts:
            return False
        email = self._chosen.get("EMAIL")
        is_alike = email is not None and self._begin_alike(email.index, candidate.column)
        least = 0.5 if candidate.role and not is_alike else 0.1
        return samples.share_made_of(self._rows, candidate.column, parts) < least

    def _is_of_other(self, candidate: _Candidate) -> bool:
        """Tell whether a column is of somebody who has another address, or who has none.

        Several attendees with one "Email" are those for whom somebody has booked.
        """
        email = self._chosen.get("EMAIL")
        if email is None:
            return False
        if candidate.role in whose.find_others(
            email.index, self._meanings, self._samples, self._rows
        ):
            return True
        is_guess = candidate.role == "attendee" and not self._meanings[email.index].role
        return is_guess and samples.share_keys(self._rows, email.index, candidate.column)

    def _explain(self, index: int) -> str:
        """Return why a column is not used."""
        if index in self._skipped:
            return "left out, as asked"
        if index in self._reasons:
            return self._reasons[index]
        meaning = self._meanings[index]
        field = self._resolve_name(index, meaning)
        if field in ("", NOT_USED):
            if not self._headers[index].strip():
                return "it has no name"
            known = field == NOT_USED
            return "its header says that it is something else" if known else "not known"
        if field in self._chosen:
            column = self._chosen[field]
            where = ", from this one where it has none" if index in self._spare else ""
            return f"{field} comes from column {column.index}, {column.header!r}{where}"
        if any(field == undecided for undecided, _ in self._undecided):
            return f"it is not clear which column is {field}"
        return f"it may be {field}, which is not sure" if meaning.is_weak else "of another person"
