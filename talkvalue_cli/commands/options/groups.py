"""Options that belong together: one object each, and handed to a command as one value."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

from talkvalue_cli.commands.options.types import Text, Word
from talkvalue_cli.errors import UsageError

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def hand_over(
    name: str,
    options: Sequence[click.Option],
    collect: Callable[[dict[str, Any]], Any],
    *,
    beside: Sequence[str] = (),
) -> Decorator:
    """Return a decorator that adds options to a command, and hands them to it as one value.

    name: the parameter of the function that gets the value.
    collect: makes it out of the values of the options, by their names. May raise UsageError.
    beside: names of other parameters whose values `collect` sees too, if the command has them.
    """
    names = [option.name for option in options if option.name]

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapper(*args: Any, **values: Any) -> Any:
            given = {each: values.pop(each) for each in names}
            seen = {each: values[each] for each in beside if each in values}
            return function(*args, **values, **{name: collect({**given, **seen})})

        # where click's own decorators keep what a command is made from, last one first
        pending = getattr(function, "__click_params__", [])
        wrapper.__click_params__ = pending + list(reversed(options))  # type: ignore[attr-defined]
        return wrapper

    return decorate


class Option(click.Option):
    """An option of ours.

    found_by: the command that shows the values that there are, with what it shows.
    hidden_names: further names, which work and are not shown in help.
    """

    def __init__(
        self,
        names: Sequence[str],
        *,
        found_by: str = "",
        hidden_names: Sequence[str] = (),
        **settings: Any,
    ) -> None:
        super().__init__(names, **settings)
        self.found_by = found_by or getattr(self.type, "found_by", "")
        self._shown_names = self.opts
        self.opts = [*self.opts, *hidden_names]

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the names that are shown, and the help."""
        every, self.opts = self.opts, self._shown_names
        try:
            return super().get_help_record(ctx)
        finally:
            self.opts = every


class WordOption(Option):
    """An option whose value may also stand behind the other arguments, without the option.

    Nothing is missing as long as one of the two is given; `Command` sees to that.
    """

    def __init__(self, names: Sequence[str], *, word: str, **settings: Any) -> None:
        super().__init__(names, **settings)
        self.argument = click.Argument(
            [f"{self.name}_word"], metavar=f"[{word}]", required=False, type=self.type
        )

    def value_is_missing(self, value: Any) -> bool:
        """Leave it to `take_words`, which knows the argument too."""
        return False


def take_words(params: Sequence[click.Parameter], values: dict[str, Any]) -> None:
    """Give each WordOption the value of its argument, which then is no value of its own.

    Raises UsageError where both were given.
    """
    for param in params:
        if isinstance(param, WordOption) and param.name and param.argument.name:
            word = values.pop(param.argument.name, None)
            if word is not None and values.get(param.name) is not None:
                flag = max(param.opts, key=len)
                word_name = (param.argument.metavar or "").strip("[]")
                raise UsageError(f"{word_name} and {flag} exclude each other")
            values[param.name] = values.get(param.name) if word is None else word


def option(names: str, help: str, **settings: Any) -> Option:
    """Return an option.

    names: as `-o --output`, with the parameter's behind them where it is another one.
    settings: as Option and click take them.
    """
    return Option(names.split(), help=help, **settings)


def with_option(names: str, help: str, **settings: Any) -> Decorator:
    """Add an option to a command, see `option`."""
    return click.option(*names.split(), cls=Option, help=help, **settings)


def with_word_option(names: str, help: str, word: str, **settings: Any) -> Decorator:
    """Add an option whose value may be the last argument, which help calls `word`."""
    return click.option(*names.split(), cls=WordOption, help=help, word=word, **settings)


def flag(names: str, help: str, **settings: Any) -> Option:
    """Return an option without a value."""
    return option(names, help, is_flag=True, **settings)


def name_option(kind: str) -> Option:
    """Return --name, of a thing whose kind knows each name once."""
    return option("-n --name", _describe_name(kind), type=Text())


def new_name_option(kind: str) -> Option:
    """Return --name of something new, which can also be given as an argument."""
    text = _describe_name(kind)
    return WordOption(["-n", "--name"], word="NAME", help=text, required=True, type=Text())


def _describe_name(kind: str) -> str:
    return f"Name; no other {kind} has it."


def to_wire(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that were given, by the API's names: first_name becomes firstName."""
    return {_to_camel_case(name): value for name, value in given.items() if value is not None}


def _to_camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


def new_fields(*options: click.Option) -> Decorator:
    """Add the fields of something new, handed to the function as `fields`, by the API's names."""
    return hand_over("fields", options, to_wire)


def changed_fields(*options: click.Option, clearable: Mapping[str, str]) -> Decorator:
    """Add fields and --clear, handed to the function as `changes`, by the API's names.

    clearable: the API's name for each word of --clear.
    """

    def collect(given: dict[str, Any]) -> dict[str, Any]:
        return collect_changes(given, given.pop("cleared"), clearable)

    clear = clear_option(tuple(clearable), ", ".join(clearable))
    return hand_over("changes", (*options, clear), collect)


def clear_option(words: tuple[str, ...], listed: str) -> click.Option:
    """Return --clear for fields with these names; listed: those that help names."""
    text = f"Empty a field: {listed}; repeatable."
    return option("--clear cleared", text, multiple=True, type=Word("field", words))


def collect_changes(
    given: Mapping[str, Any], cleared: Sequence[str], clearable: Mapping[str, str]
) -> dict[str, Any]:
    """Return what an update says, by the API's names; None for a field that is emptied.

    given: values of options; None and () were not given. cleared: words of --clear.
    Raises UsageError for a field that is both set and cleared, and for no change at all.
    """
    changes = {name: value for name, value in to_wire(given).items() if value != ()}
    for word in cleared:
        name = clearable[word]
        if changes.get(name) is not None:
            raise UsageError(f"--{word} and --clear {word} exclude each other")
        changes[name] = None
    if not changes:
        raise UsageError("nothing to change was named", hint="name a field, or clear one")
    return changes
