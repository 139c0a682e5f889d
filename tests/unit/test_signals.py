"""Signals are noted when they arrive, and answered at points."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from talkvalue_cli import cli, signals
from talkvalue_cli.errors import Interrupted
from tests.fakes import FakeRuntime

ALL = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Put the handlers back, whatever a test does."""
    before = {signum: signal.getsignal(signum) for signum in (*ALL, signal.SIGTSTP)}
    yield
    for signum, handler in before.items():
        signal.signal(signum, handler)


@pytest.mark.parametrize("signum", ALL)
@pytest.mark.parametrize("answer", [signals.check, lambda: signals.point().__enter__()])
def test_a_signal_is_noted_and_answered_at_the_next_point(
    signum: signal.Signals, answer: Callable[[], None]
) -> None:
    with signals.watch():
        signal.raise_signal(signum)
        reached = True
        with pytest.raises(Interrupted) as caught:
            answer()
    assert reached
    assert caught.value.signum == signum


@pytest.mark.parametrize("signum", ALL)
def test_a_signal_during_a_point_ends_it_at_once(signum: signal.Signals) -> None:
    with signals.watch():
        with pytest.raises(Interrupted) as caught, signals.point():
            signal.raise_signal(signum)
            pytest.fail("it goes on")
        assert caught.value.signum == signum


def test_a_signal_wakes_what_sleeps() -> None:
    began_at = time.monotonic()
    with signals.watch():
        timer = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGTERM))
        timer.start()
        with pytest.raises(Interrupted):
            signals.sleep(30)
        timer.join()
    assert time.monotonic() - began_at < 15


def test_a_signal_is_answered_once() -> None:
    with signals.watch():
        with pytest.raises(Interrupted), signals.point():
            signal.raise_signal(signal.SIGINT)
        signals.check()
        with signals.point():
            pass
        signals.sleep(0)


def test_after_a_point_everything_is_done_whole_again() -> None:
    with signals.watch():
        with signals.point():
            pass
        with pytest.raises(ZeroDivisionError), signals.point():
            _ = 1 / 0
        signal.raise_signal(signal.SIGINT)
        reached = True
        with pytest.raises(Interrupted):
            signals.check()
    assert reached


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_answer_that_a_destructor_swallows_comes_at_the_next_point() -> None:
    class Doomed:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    with signals.watch():
        with signals.point():
            Doomed()
            gc.collect()
        with pytest.raises(Interrupted):
            signals.check()


@pytest.mark.parametrize("signum", ALL)
def test_a_second_signal_would_end_the_process(signum: signal.Signals) -> None:
    with signals.watch():
        signal.raise_signal(signum)
        assert [signal.getsignal(each) for each in ALL] == [signal.SIG_DFL] * 3


@pytest.mark.parametrize("is_interrupted", [True, False])
def test_the_handlers_of_before_come_back(is_interrupted: bool) -> None:
    def own(signum: int, frame: object) -> None:
        """Stand for a handler of somebody else."""

    signal.signal(signal.SIGTERM, own)
    suspend = signal.getsignal(signal.SIGTSTP)
    if is_interrupted:
        with pytest.raises(Interrupted), signals.watch(), signals.point():
            signal.raise_signal(signal.SIGTERM)
    else:
        with signals.watch():
            assert signal.getsignal(signal.SIGTERM) is not own
    assert signal.getsignal(signal.SIGTERM) is own
    assert signal.getsignal(signal.SIGTSTP) is suspend


def test_what_an_outer_watch_has_noted_is_still_answered_after_an_inner_one() -> None:
    with signals.watch():
        signal.raise_signal(signal.SIGINT)
        with signals.watch():
            signals.check()
        with pytest.raises(Interrupted):
            signals.check()


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    with signals.watch():
        with signals.point():
            signal.raise_signal(signal.SIGHUP)
            signal.raise_signal(signal.SIGTSTP)
        with pytest.raises(Interrupted), signals.point():
            signal.raise_signal(signal.SIGTERM)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_without_a_watch_points_do_nothing() -> None:
    before = signal.getsignal(signal.SIGTERM)
    signals.check()
    signals.give_back_with(lambda: None)
    with signals.point():
        assert signal.getsignal(signal.SIGTERM) is before


def test_outside_the_main_thread_nothing_is_done() -> None:
    seen: list[object] = []

    def work() -> None:
        with signals.watch():
            seen.append(signal.getsignal(signal.SIGTERM))
        # another thread's signal is not answered here
        signals.check()
        with signals.point():
            seen.append("a point")

    def run() -> None:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()

    before = signal.getsignal(signal.SIGTERM)
    run()
    assert seen == [before, "a point"]
    with signals.watch():
        signal.raise_signal(signal.SIGINT)
        during = signal.getsignal(signal.SIGTERM)
        run()
        with pytest.raises(Interrupted):
            signals.check()
    assert seen[2:] == [during, "a point"]


def test_a_system_without_some_signals_has_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SIGHUP", "SIGTSTP", "SIGQUIT"):
        monkeypatch.delattr(signal, name)
    with pytest.raises(Interrupted), signals.watch(), signals.point():
        signal.raise_signal(signal.SIGTERM)


class SlowToSettle(FakeRuntime):
    """A context on whose end somebody presses Ctrl-C."""

    def settle(self) -> None:
        signal.raise_signal(signal.SIGINT)
        pytest.fail("it goes on")


def test_a_signal_while_a_command_settles_ends_that_and_keeps_its_code() -> None:
    assert cli.main(["version", "--json"], SlowToSettle()) == 0
    assert cli.main(["no-such-command"], SlowToSettle()) == 2
