"""Questions to the person at the terminal."""

from __future__ import annotations

import pytest

from talkvalue_cli.commands.options import prompts
from talkvalue_cli.errors import UsageError
from tests.fakes import FakeRuntime, FakeStream


def typing(text: str) -> FakeRuntime:
    return FakeRuntime(stdin=text, is_terminal=True, can_type=True)


@pytest.mark.parametrize(
    ("is_terminal", "can_type", "can_ask"),
    [(True, True, True), (True, False, False), (False, True, False)],
)
def test_a_question_needs_somebody_to_see_it_and_to_type(
    is_terminal: bool, can_type: bool, can_ask: bool
) -> None:
    made = FakeRuntime(is_terminal=is_terminal, can_type=can_type)
    assert prompts.can_ask(made) is can_ask


@pytest.mark.parametrize(
    ("typed", "is_yes"),
    [
        ("y\n", True),
        (" YES \n", True),
        ("n\n", False),
        ("\n", False),
        ("yep\n", False),
        ("y", True),
    ],
)
def test_only_yes_is_yes(typed: str, is_yes: bool) -> None:
    made = typing(typed)
    assert prompts.confirm(made, "Remove it?") is is_yes
    assert (made.fake_stdout.text, made.fake_stderr.text) == ("", "Remove it? [y/N] ")


def test_an_answer_that_is_no_text_is_a_usage_error() -> None:
    made = typing("")
    assert isinstance(made.stdin, FakeStream)
    made.stdin.buffer.write(b"\xff\xfe\n")
    made.stdin.seek(0)
    with pytest.raises(UsageError, match="the answer is not text"):
        prompts.confirm(made, "Remove it?")


def test_the_end_of_the_input_is_no_answer() -> None:
    made = typing("")
    with pytest.raises(UsageError, match="the question was not answered"):
        prompts.confirm(made, "Remove it?")
    assert made.fake_stderr.text == "Remove it? [y/N] \n"
