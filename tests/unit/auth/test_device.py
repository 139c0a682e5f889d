"""The wait for approval, on a clock that only moves when it is slept on."""

from __future__ import annotations

from typing import Any

import pytest

from talkvalue_cli.auth.device import Approval
from talkvalue_cli.auth.oauth import DeviceGrant, OAuthError, OAuthServer
from talkvalue_cli.errors import AuthError, NetworkError, RefusedError, TalkValueError
from talkvalue_cli.exit_codes import code_of
from tests.fakes import FakeClock

TOKENS = {"access_token": "a"}
PENDING = OAuthError("not yet", "authorization_pending")
SLOW_DOWN = OAuthError("too fast", "slow_down")
LOST = NetworkError("lost contact with https://auth.test")


class Answers(OAuthServer):
    """A server that answers polls from a list, and then for ever with the last."""

    def __init__(self, *answers: TalkValueError | dict[str, Any]) -> None:
        self.answers, self.polls = list(answers), 0

    def ask_for_tokens(self, device_code: str) -> dict[str, Any]:
        assert device_code == "secret"
        self.polls += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, TalkValueError):
            raise answer
        return answer


class Wait:
    """One wait for approval: what it returned, how it paused, and what it told."""

    def __init__(
        self,
        *answers: TalkValueError | dict[str, Any],
        interval_s: float = 5.0,
        life_s: float = 900.0,
    ) -> None:
        self.server, self.clock, self.told = Answers(*answers), FakeClock(), list[str]()
        grant = DeviceGrant("secret", "CODE", "https://page", "", life_s, interval_s)
        self.approval = Approval(
            self.server,
            grant,
            self.clock,
            on_lost=lambda error: self.told.append(f"lost: {error.message}"),
            on_return=lambda: self.told.append("back"),
        )

    def pauses(self) -> list[float]:
        """Wait until there are tokens, and return the pauses between the polls."""
        assert self.approval.wait() == TOKENS
        return self.clock.slept

    def fail(self) -> AuthError:
        """Wait, and return the error that it ends with."""
        with pytest.raises(AuthError) as caught:
            self.approval.wait()
        return caught.value


def test_an_approval_that_is_there_already_is_found_without_a_pause() -> None:
    assert Wait(TOKENS).pauses() == []


@pytest.mark.parametrize(("interval_s", "pause_s"), [(5.0, 5.0), (1.5, 1.5), (45.0, 45.0)])
def test_polls_are_the_interval_apart(interval_s: float, pause_s: float) -> None:
    assert Wait(PENDING, PENDING, TOKENS, interval_s=interval_s).pauses() == [pause_s] * 2


def test_slow_down_adds_five_seconds_for_good() -> None:
    answers = (PENDING, SLOW_DOWN, PENDING, SLOW_DOWN, PENDING, PENDING, TOKENS)
    assert Wait(*answers, interval_s=1.0).pauses() == [1.0, 6.0, 6.0, 11.0, 11.0, 11.0]


@pytest.mark.parametrize("interval_s", [0.0, 0.01])
def test_an_interval_of_nothing_is_a_second(interval_s: float) -> None:
    assert Wait(PENDING, PENDING, TOKENS, interval_s=interval_s).pauses() == [1.0, 1.0]
    assert Wait(SLOW_DOWN, PENDING, TOKENS, interval_s=interval_s).pauses() == [6.0, 6.0]


def test_a_lost_connection_doubles_the_pause_until_it_is_back() -> None:
    wait = Wait(PENDING, LOST, LOST, LOST, LOST, PENDING, TOKENS)
    assert wait.pauses() == [5.0, 10.0, 20.0, 30.0, 30.0, 5.0]
    assert wait.told == ["lost: lost contact with https://auth.test", "back"]


def test_an_overloaded_server_says_how_long_to_pause() -> None:
    busy = RefusedError("busy", is_transient=True, retry_after_s=70.0)
    brief = RefusedError("busy", is_transient=True, retry_after_s=1.0)
    assert Wait(busy, brief, PENDING, TOKENS).pauses() == [70.0, 20.0, 5.0]


def test_tokens_after_a_loss_say_that_the_connection_is_back() -> None:
    wait = Wait(LOST, TOKENS)
    assert wait.pauses() == [10.0]
    assert wait.told == ["lost: lost contact with https://auth.test", "back"]


@pytest.mark.parametrize("answer", [PENDING, LOST])
def test_the_wait_ends_with_the_code_and_looks_a_last_time_then(answer: TalkValueError) -> None:
    wait = Wait(answer, life_s=12.0)
    error = wait.fail()
    assert error.message == "the code expired before it was approved"
    assert (error.code, code_of(error)) == ("EXPIRED", 3)
    assert error.hint == "the same command makes a new one"
    assert sum(wait.clock.slept) == 12.0
    assert wait.server.polls == len(wait.clock.slept) + 1


def test_an_approval_in_the_last_moment_counts() -> None:
    assert Wait(PENDING, PENDING, PENDING, TOKENS, life_s=12.0).pauses() == [5.0, 5.0, 2.0]


@pytest.mark.parametrize(
    ("word", "message", "code"),
    [
        ("expired_token", "the code expired before it was approved", "EXPIRED"),
        ("access_denied", "the sign-in was refused in the browser", "DENIED"),
        ("invalid_client", "as the server says", "AUTHENTICATION"),
        ("", "as the server says", "AUTHENTICATION"),
    ],
)
def test_other_answers_end_the_wait_at_once(word: str, message: str, code: str) -> None:
    wait = Wait(PENDING, OAuthError("as the server says", word))
    error = wait.fail()
    assert (error.message, error.code, code_of(error)) == (message, code, 3)
    assert wait.clock.slept == [5.0]


def test_a_failure_that_another_try_cannot_help_ends_the_wait() -> None:
    wait = Wait(NetworkError("the certificate does not verify", is_transient=False))
    with pytest.raises(NetworkError):
        wait.approval.wait()
    assert wait.clock.slept == []
