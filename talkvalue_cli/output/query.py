"""Selection: the part of an answer that a JMESPath expression names, as text to print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from talkvalue_cli.errors import QueryError, UsageError
from talkvalue_cli.output import render_json

if TYPE_CHECKING:  # it is loaded for a command line that selects, and for no other
    from jmespath.exceptions import JMESPathError

_HINT = (
    "text stands in single quotes, a number in backticks, such as --query '[?failedCount > `0`].id'"
)


class Query:
    """An expression that was found to be right before anything is sent.

    Raises UsageError for one that is not JMESPath (https://jmespath.org), a
    function that there is not, and one with the wrong number of arguments.
    """

    def __init__(self, expression: str) -> None:
        import jmespath
        from jmespath.exceptions import JMESPathError

        self.expression = expression
        try:
            self._compiled = jmespath.compile(expression)
        except JMESPathError as error:
            raise self._mistake(_describe(error)) from error
        # of the library's own: one nested too deep, and an index of thousands of digits
        except (RecursionError, ValueError) as error:
            raise self._mistake("it is nested too deep, or has a number too large") from error
        for name, count in _list_calls(self._compiled.parsed):
            self._check_call(name, count)

    def render(self, data: Any) -> str:
        """Return what the expression selects of `data`, as it is printed.

        A string, a number and a truth value are bare, and a list of them has a
        line for each (an empty one for null); null alone is nothing at all, and
        anything else is JSON. Raises QueryError where a function gets what it
        cannot take.
        """
        from jmespath.exceptions import JMESPathError

        try:
            found = self._compiled.search(data)
        except JMESPathError as error:
            reason = " ".join(str(error).split())
            raise self._misfit(reason) from error
        # of the library's own: ceil() and floor() of what is no number that can be rounded
        except (ArithmeticError, RecursionError, ValueError) as error:
            raise self._misfit("a function cannot calculate with it") from error
        return render_value(found)

    def explain_nothing(self) -> str:
        """Return why an answer may have nothing that is selected; empty where nothing is odd."""
        if re.match(r"data\b", self.expression):
            return "it begins within data, such as status or [0].id"
        if re.search(r'[=<>]\s*"', self.expression):
            return "text to compare with stands in single quotes: 'FAILED'"
        return ""

    def _misfit(self, reason: str) -> QueryError:
        return QueryError(f"--query {self.expression!r} does not fit the answer: {reason}")

    def _mistake(self, reason: str) -> UsageError:
        message = f"--query {self.expression!r} is not a JMESPath expression: {reason}"
        if found := re.match(r"\.|\$\.?", self.expression):
            mark = {".": "a dot"}.get(found[0], found[0])
            return UsageError(
                message, hint=f"it begins without {mark}, such as --query failedCount"
            )
        return UsageError(message, hint=_HINT)

    def _check_call(self, name: str, count: int) -> None:
        """Raise UsageError for a call that fails whatever the answer is."""
        from jmespath.functions import Functions

        found = Functions.FUNCTION_TABLE.get(name)
        if found is None:
            known = ", ".join(sorted(Functions.FUNCTION_TABLE))
            raise UsageError(f"--query: there is no function {name}()", hint=f"there are {known}")
        signature = found["signature"]
        is_variadic = bool(signature) and bool(signature[-1].get("variadic"))
        if count < len(signature) or (count > len(signature) and not is_variadic):
            least = "at least " if is_variadic else ""
            raise UsageError(
                f"--query: {name}() takes {least}{len(signature)} argument"
                f"{'s' * (len(signature) != 1)}, not {count}",
                hint="https://jmespath.org describes the functions",
            )


def render_value(value: Any) -> str:
    """Return a value as text: scalars bare, a list of them a line each, anything else as JSON."""
    if value is None:
        return ""
    if _is_scalar(value):
        return f"{_spell(value)}\n"
    if isinstance(value, list) and all(map(_is_scalar, value)):
        return "".join(f"{_spell(item)}\n" for item in value)
    return render_json.render_document(value)


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float))


def _spell(value: Any) -> str:
    """Return text as it is, null as nothing, and a number or truth value as JSON has it."""
    if value is None:
        return ""
    return value if isinstance(value, str) else render_json.render_line(value)[:-1]


def _list_calls(node: Any) -> Iterator[tuple[str, int]]:
    """Yield the functions that a parsed expression calls, each with how many arguments it gets."""
    if isinstance(node, dict):
        children = node.get("children", [])
        if node.get("type") == "function_expression":
            yield node["value"], len(children)
        for child in children:
            yield from _list_calls(child)


def _describe(error: JMESPathError) -> str:
    """Return in a few words what is wrong with an expression."""
    from jmespath import exceptions

    if isinstance(error, exceptions.EmptyExpressionError):
        return "it is empty"
    if isinstance(error, exceptions.IncompleteExpressionError):
        return "it ends too early"
    if isinstance(error, exceptions.ParseError):
        return f"{error.token_value!r} at character {error.lex_position + 1} does not fit there"
    return str(error).splitlines()[0]
