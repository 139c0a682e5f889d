"""The token of a stored session: renewed before it expires, and once when the server refuses it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from talkvalue_cli.auth.oauth import OAuthError, OAuthServer
from talkvalue_cli.auth.store import TokenStore
from talkvalue_cli.auth.tokens import Tokens, read_tokens
from talkvalue_cli.config.file import Profile
from talkvalue_cli.errors import AuthError, TalkValueError
from talkvalue_cli.transport.session import BearerAuth

#: after a failed attempt a token that is still good is used for so long before the next, in seconds
RETRY_AFTER_S = 10.0


class SessionAuth(BearerAuth):
    """Puts the access token of a profile into each request.

    Refresh tokens can be used once. So a process renews under a lock, and
    first looks whether another one has done it meanwhile.

    How long a token is good is found out once, when it is taken, and counted
    from there by the monotonic clock: the one on the wall may be wrong, and may
    be put right meanwhile.

    tokens: what was stored when this process began.
    hint: the command that signs in again.
    now: epoch seconds; elapsed: monotonic seconds.
    keep_secret: is told each token, so that it never appears in output.
    warn: takes a sentence for the user.
    """

    def __init__(
        self,
        profile: Profile,
        tokens: Tokens,
        store: TokenStore,
        server: OAuthServer,
        *,
        hint: str,
        now: Callable[[], float],
        elapsed: Callable[[], float],
        keep_secret: Callable[[str], None],
        warn: Callable[[str], None],
    ) -> None:
        self.hint = hint
        self._profile, self._store, self._server = profile, store, server
        self._now, self._elapsed = now, elapsed
        self._keep_secret, self._warn = keep_secret, warn
        self._refused: set[str] = set()
        self._guard = threading.Lock()
        #: what is stored still, when newer tokens could not be
        self._superseded: Tokens | None = None
        #: until when the token is used although it is about to expire, monotonic
        self._trusted_until = 0.0
        self._take(tokens)

    def get_token(self) -> str:
        """Return an access token that is good for a while yet. Raises AuthError, TalkValueError."""
        with self._guard:
            if self._is_stale() and self._elapsed() >= self._trusted_until:
                self._renew()
            return self._tokens.access_token

    @property
    def stored_token(self) -> str:
        """The access token as it is, whether or not it is still good."""
        return self._tokens.access_token

    def reject(self, token: str) -> bool:
        """Take note that the server refused a token; the next one will be another."""
        with self._guard:
            self._refused.add(token)
            if token != self._tokens.access_token:
                return True
            self._trusted_until = 0.0
            return bool(self._tokens.refresh_token)

    def enter_organization(self, organization_id: str, then: Callable[[], None]) -> None:
        """Scope the session to another organization, and store its tokens; then do the rest.

        No renewal comes between, and `settle` waits for both. Raises OAuthError,
        AuthError, TalkValueError.
        """
        with self._guard, self._store.lock():
            stored = self._store.load(self._profile.name, self._profile.org_id)
            if stored is None:
                raise self._end("its tokens were removed")
            self._take(stored)
            tokens = self._exchange(organization_id)
            self._hide(tokens)
            self._store.save(self._profile.name, tokens, self._profile.org_id)
            then()

    def settle(self, limit_s: float) -> None:
        """Wait until a renewal under way is stored: without that the session would be lost."""
        if self._guard.acquire(timeout=limit_s):
            self._guard.release()

    def _take(self, tokens: Tokens, *, is_new: bool = False) -> None:
        """Use tokens from now on; is_new: they have just been issued."""
        self._hide(tokens)
        self._tokens, self._margin_s = tokens, tokens.margin_s
        left_s = tokens.left_s(self._now())
        if is_new and left_s is not None:
            # one that does not tell its life is not to be renewed before every request either
            self._margin_s = min(self._margin_s, left_s / 2)
        #: when the access token expires, monotonic; None when nobody said
        self._ends_at = None if left_s is None else self._elapsed() + left_s

    def _hide(self, tokens: Tokens) -> None:
        for secret in tokens.secrets:
            self._keep_secret(secret)

    def _is_stale(self) -> bool:
        """Tell whether the token cannot be used, or is about to expire."""
        if self._is_unusable(self._tokens):
            return True
        # one that cannot be renewed is used to its end
        margin_s = self._margin_s if self._tokens.refresh_token else 0.0
        return self._ends_at is not None and self._elapsed() >= self._ends_at - margin_s

    def _is_unusable(self, tokens: Tokens) -> bool:
        """Tell whether a token was refused, or is for another organization than the profile."""
        wanted = self._profile.org_id
        return tokens.access_token in self._refused or (
            bool(wanted) and tokens.organization_id not in ("", wanted)
        )

    def _renew(self) -> None:
        """Get a token that is not stale: another process's, else a new one."""
        try:
            with self._store.lock():
                if not self._adopt(self._store.load(self._profile.name, self._profile.org_id)):
                    try:
                        self._refresh()
                    except OAuthError as error:
                        self._recover(error)
        except AuthError:
            raise
        except TalkValueError as error:
            if not self._is_still_good():
                raise
            self._trusted_until = self._elapsed() + (error.retry_after_s or RETRY_AFTER_S)

    def _adopt(self, stored: Tokens | None) -> bool:
        """Take the stored tokens; tell whether they need no refresh."""
        if stored is None:
            raise self._end("its tokens were removed")
        # the same ones are as old as they were, whatever the clock on the wall says by now
        if stored not in (self._superseded, self._tokens):
            self._take(stored)
        return not self._is_stale()

    def _exchange(self, organization_id: str) -> Tokens:
        """Use the refresh token up, and return what comes for it."""
        before = self._tokens
        if not before.refresh_token:
            raise self._end("it has no refresh token")
        self._store.check_writable(self._profile.name, self._profile.org_id)
        answer = self._server.refresh(before.refresh_token, organization_id)
        return read_tokens(answer, self._now(), before)

    def _refresh(self) -> None:
        before, own_id = self._tokens, self._profile.org_id
        self._take(self._exchange(own_id), is_new=True)
        try:
            self._store.save(self._profile.name, self._tokens, own_id)
            self._superseded = None
        except TalkValueError as error:
            self._superseded = self._superseded or before
            self._warn(f"the renewed session is lost when this command ends: {error.message}")

    def _recover(self, error: OAuthError) -> None:
        """After a refused refresh use what another program may have stored meanwhile."""
        name = self._profile.name
        for find in (self._store.load, self._store.load_from_keyring):
            other = find(name)
            if other is None or other.refresh_token == self._tokens.refresh_token:
                continue
            self._take(other)
            try:
                if self._is_stale():
                    self._refresh()
                return
            except OAuthError as again:
                error = again
        raise self._end(error.text) from error

    def _is_still_good(self) -> bool:
        is_usable = not self._is_unusable(self._tokens)
        return is_usable and self._ends_at is not None and self._elapsed() < self._ends_at

    def _end(self, reason: str) -> AuthError:
        return AuthError(
            f"the session of profile {self._profile.name!r} is over: {reason}", hint=self.hint
        )
