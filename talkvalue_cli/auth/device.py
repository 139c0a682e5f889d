"""The device flow (RFC 8628): wait until somebody has approved the sign-in in a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from talkvalue_cli import poller
from talkvalue_cli.auth.oauth import DeviceGrant, OAuthError, OAuthServer
from talkvalue_cli.clock import Clock
from talkvalue_cli.errors import AuthError, TalkValueError

#: the shortest pause between two polls, whatever the server says, in seconds
SHORTEST_PAUSE_S = 1.0
#: what each `slow_down` adds to the pause for good (RFC 8628 section 3.5), in seconds
SLOWER_BY_S = 5.0
#: the longest pause while the server cannot be reached, in seconds
LONGEST_PAUSE_S = 30.0


class Approval:
    """A wait for approval: what was answered last decides the pause.

    on_lost, on_return: called when the connection is lost, and when it is back.
    """

    def __init__(
        self,
        server: OAuthServer,
        grant: DeviceGrant,
        clock: Clock,
        *,
        on_lost: Callable[[TalkValueError], None],
        on_return: Callable[[], None],
    ) -> None:
        self._server, self._grant, self._clock = server, grant, clock
        self._on_lost, self._on_return = on_lost, on_return
        self._interval_s = max(SHORTEST_PAUSE_S, grant.interval_s)
        self._ends_at = clock.now() + grant.life_s
        self._losses = 0
        self._asked_for_s = 0.0
        self._answer: dict[str, Any] | None = None

    def wait(self) -> dict[str, Any]:
        """Poll until there is a token answer, and return it.

        A lost connection or an overloaded server does not end it before the
        code does. Raises AuthError when the code expired or the user refused.
        """
        poller.repeat(self.poll, self._clock.sleep)
        if self._answer is None:
            raise _expired()
        return self._answer

    def poll(self) -> float | None:
        """Ask once; return the pause to the next poll in seconds, None at the end."""
        self._answer = self._ask()
        is_over = self._answer is not None or self._clock.now() >= self._ends_at
        return None if is_over else self._pause_s()

    def _ask(self) -> dict[str, Any] | None:
        """Return the token answer; None when there is nothing yet."""
        try:
            answer = self._server.ask_for_tokens(self._grant.device_code)
        except OAuthError as error:
            self._note_contact()
            self._judge(error)
            return None
        except TalkValueError as error:
            if not error.is_transient:
                raise
            self._note_loss(error)
            return None
        self._note_contact()
        return answer

    def _judge(self, error: OAuthError) -> None:
        """Raise what ends the wait."""
        if error.error == "slow_down":
            self._interval_s += SLOWER_BY_S
        elif error.error == "expired_token":
            raise _expired() from error
        elif error.error == "access_denied":
            raise AuthError("the sign-in was refused in the browser", code="DENIED") from error
        elif error.error != "authorization_pending":
            raise error

    def _note_contact(self) -> None:
        if self._losses:
            self._on_return()
        self._losses, self._asked_for_s = 0, 0.0

    def _note_loss(self, error: TalkValueError) -> None:
        if not self._losses:
            self._on_lost(error)
        self._losses += 1
        self._asked_for_s = error.retry_after_s or 0.0

    def _pause_s(self) -> float:
        # each loss doubles the pause, as RFC 8628 section 3.5 wants it after a timeout
        backoff_s = min(LONGEST_PAUSE_S, self._interval_s * 2.0 ** min(self._losses, 10))
        wanted_s = max(self._interval_s, backoff_s, self._asked_for_s)
        return max(0.0, min(wanted_s, self._ends_at - self._clock.now()))


def _expired() -> AuthError:
    return AuthError(
        "the code expired before it was approved",
        code="EXPIRED",
        hint="the same command makes a new one",
    )
