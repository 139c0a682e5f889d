"""Signals as exceptions."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator

import pytest

from talkvalue_cli import cli, signals
from talkvalue_cli.errors import Interrupted
from tests.fakes import FakeRuntime

ALL = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Put the handlers back, whatever a test does."""
    before = {signum: signal.getsignal(signum) for signum in ALL}
    yield
    for signum, handler in before.items():
        signal.signal(signum, handler)


@pytest.mark.parametrize("signum", ALL)
def test_a_signal_becomes_an_exception_that_knows_it(signum: signal.Signals) -> None:
    with pytest.raises(Interrupted) as caught, signals.as_exceptions():
        signal.raise_signal(signum)
    assert caught.value.signum == signum


@pytest.mark.parametrize("signum", ALL)
def test_a_second_signal_would_end_the_process(signum: signal.Signals) -> None:
    with signals.as_exceptions():
        with pytest.raises(Interrupted):
            signal.raise_signal(signum)
        assert [signal.getsignal(each) for each in ALL] == [signal.SIG_DFL] * 3


@pytest.mark.parametrize("is_interrupted", [True, False])
def test_the_handlers_of_before_come_back(is_interrupted: bool) -> None:
    def own(signum: int, frame: object) -> None:
        """Stand for a handler of somebody else."""

    signal.signal(signal.SIGTERM, own)
    if is_interrupted:
        with pytest.raises(Interrupted), signals.as_exceptions():
            signal.raise_signal(signal.SIGTERM)
    else:
        with signals.as_exceptions():
            assert signal.getsignal(signal.SIGTERM) is not own
    assert signal.getsignal(signal.SIGTERM) is own


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with signals.as_exceptions():
        signal.raise_signal(signal.SIGHUP)
        with pytest.raises(Interrupted):
            signal.raise_signal(signal.SIGTERM)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_outside_the_main_thread_nothing_is_done() -> None:
    seen: list[object] = []

    def work() -> None:
        with signals.as_exceptions():
            seen.append(signal.getsignal(signal.SIGTERM))

    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]


class SlowToSettle(FakeRuntime):
    """A context on whose end somebody presses Ctrl-C."""

    def settle(self) -> None:
        signal.raise_signal(signal.SIGINT)
        pytest.fail("it goes on")


def test_a_signal_while_a_command_settles_ends_that_and_keeps_its_code() -> None:
    assert cli.main(["version", "--json"], SlowToSettle()) == 0
    assert cli.main(["no-such-command"], SlowToSettle()) == 2
