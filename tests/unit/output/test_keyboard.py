"""Single keys from a terminal, and the terminal as it was in the end."""

from __future__ import annotations

import io
import os
import pty
import signal
import termios
from collections.abc import Iterator
from typing import TextIO

import pytest

from talkvalue_cli import signals
from talkvalue_cli.errors import Interrupted
from talkvalue_cli.output.keyboard import Keyboard
from tests.fakes import FakeStream


class Pair:
    """A pseudo-terminal: what the program reads, and where keys are typed."""

    def __init__(self) -> None:
        self.master, self.slave = pty.openpty()
        self.stdin: TextIO = os.fdopen(self.slave)

    @property
    def is_raw(self) -> bool:
        """Tell whether keys come one by one, without an echo."""
        return not termios.tcgetattr(self.slave)[3] & (termios.ICANON | termios.ECHO)

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    made = Pair()
    # it is not the terminal that the tests run on
    monkeypatch.setattr(os, "tcgetpgrp", lambda handle: os.getpgrp())
    yield made
    made.stdin.close()
    os.close(made.master)


def test_keys_are_read_as_they_are_typed_until_the_block_is_left(pair: Pair) -> None:
    with Keyboard(pair.stdin) as keyboard:
        assert (keyboard.is_there, pair.is_raw, keyboard.read()) == (True, True, "")
        pair.type("xq")
        assert keyboard.read() == "xq"
        # Ctrl-C stays what it is
        assert termios.tcgetattr(pair.slave)[3] & termios.ISIG
    assert not pair.is_raw


def test_a_terminal_that_was_given_back_is_taken_again(pair: Pair) -> None:
    with Keyboard(pair.stdin) as keyboard:
        assert keyboard.take() is False
        keyboard.give_back()
        assert not pair.is_raw
        pair.type("q\n")
        assert keyboard.read() == ""
        assert keyboard.take() is True
        assert pair.is_raw


def test_an_error_gives_it_back_too(pair: Pair) -> None:
    with pytest.raises(RuntimeError), Keyboard(pair.stdin):
        raise RuntimeError
    assert not pair.is_raw


def test_the_first_signal_gives_it_back_before_it_is_answered(pair: Pair) -> None:
    with pytest.raises(Interrupted), signals.watch(), Keyboard(pair.stdin):
        assert pair.is_raw
        signal.raise_signal(signal.SIGTERM)
        # the next one would end the process at once
        assert not pair.is_raw
        signals.check()


def test_in_the_background_the_terminal_is_left_alone(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "tcgetpgrp", lambda handle: os.getpgrp() + 1)
    with Keyboard(pair.stdin) as keyboard:
        assert (keyboard.take(), pair.is_raw, keyboard.read()) == (False, False, "")


@pytest.mark.parametrize("stdin", [None, io.StringIO("q"), FakeStream("q", is_terminal=True)])
def test_without_a_terminal_there_are_no_keys(stdin: TextIO | None) -> None:
    with Keyboard(stdin) as keyboard:
        assert (keyboard.is_there, keyboard.take(), keyboard.read()) == (False, False, "")


def test_a_closed_standard_input_has_no_keys(pair: Pair) -> None:
    pair.stdin.close()
    with Keyboard(pair.stdin) as keyboard:
        assert not keyboard.is_there
