"""What a file does not tell: as a question with its answers, for whoever can ask somebody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.file.choice import Choice
from talkvalue_cli.imports.file.date_order import DateOrder, OrderFinder
from talkvalue_cli.imports.file.mapping import MappingRule
from talkvalue_cli.imports.options import FileOptions

#: why an order is taken that somebody has said
SAID = "asked for"
_ORDERS = (
    ("dmy", "day first: 3/4/2026 is 3 April"),
    ("mdy", "month first: 3/4/2026 is March 4"),
    ("ymd", "year first: 03/04/05 is 5 April 2003"),
)


class Question(NamedTuple):
    """A question; each answer is what it says, and what is said about the file then."""

    text: str
    answers: Sequence[tuple[str, FileOptions]]


class UndecidedError(UsageError):
    """Something has to be said about a file that it does not tell itself."""

    def __init__(self, error: UsageError, question: Question) -> None:
        super().__init__(error.message, hint=error.hint, remedy=error.remedy)
        self.question = question


def find_question(choice: Choice, label: str, said: FileOptions) -> Question | None:
    """Return what to ask about the columns of a file, None when all is clear."""
    for field, candidates in choice.undecided:
        answers = []
        for column in candidates:
            rule = MappingRule(column.index, field)
            text = f"column {column.index}, {column.header}"
            answers.append((text, said._replace(rules=[*said.rules, rule])))
        return Question(f"{label}: which column is {field}?", answers)
    return None


def find_order(
    label: str,
    said: FileOptions,
    first: Sequence[str],
    read_all: Callable[[OrderFinder], None],
    usual: str | None,
) -> DateOrder | None:
    """Return the order of a column's dates, None where none depends on it.

    label: of the file and the column. first: its first cells; where they do not
    show the order, read_all adds all of them to the finder. usual: the order in the
    language of the headers, if it has one.
    Raises UndecidedError where nothing shows it, and UsageError for an order that
    was said and is not the one that the dates have.
    """
    finder = OrderFinder()
    finder.add(first)
    try:
        try:
            found = finder.find(label)
        except UsageError:
            finder = OrderFinder()
            read_all(finder)
            found = finder.find(label, usual)
    except UsageError as error:
        if said.date_order is not None:
            return DateOrder(said.date_order, SAID)
        answers = [(text, said._replace(date_order=order)) for order, text in _ORDERS]
        raise UndecidedError(
            error, Question(f"{label}: in which order are the dates?", answers)
        ) from error
    if found is not None and said.date_order not in (None, found.order):
        raise UsageError(
            f"{label}: the dates are not {said.date_order}: {found.why}",
            remedy=("date_order", found.order),
        )
    return found
