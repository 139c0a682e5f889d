"""Device codes (RFC 8628): started by a program, decided by a person, used up by the program."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from ..db.store import Store, Transaction
from ..web.problems import OAuthError
from .signed_tokens import hash_secret

#: without vowels no words come about; RFC 8628 section 6.1
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
SLOW_DOWN_S = 5
#: a client that sleeps exactly the interval may be early by what clocks differ
SLACK_S = 0.05


@dataclass(frozen=True)
class SignInRules:
    """How long things last, in whole seconds, and who approves.

    token_life_s: an access token. device_life_s: a device code and its user code.
    device_interval_s: the pause between polls; 0 allows any pace.
    auto_approve: each device code counts as approved from its start.
    """

    token_life_s: int = 300
    device_life_s: int = 600
    device_interval_s: int = 5
    auto_approve: bool = False


DEFAULT_RULES = SignInRules()


@dataclass(frozen=True)
class Devices:
    """Device codes in the database; they outlive a stop.

    clock: seconds since 1970.
    """

    store: Store
    rules: SignInRules
    clock: Callable[[], float]

    def start(self, client_id: str) -> tuple[str, str]:
        """Make and return a device code, the program's secret, and the user code that it shows."""
        device_code = secrets.token_urlsafe(32)
        user_code = _tidy("".join(secrets.choice(LETTERS) for _ in range(8)))
        state = "APPROVED" if self.rules.auto_approve else "PENDING"
        with self.store.write() as tx:
            tx.insert(
                "device_codes",
                code_hash=hash_secret(device_code),
                user_code=user_code,
                client_id=client_id,
                state=state,
                interval_s=self.rules.device_interval_s,
                expires_at=self.clock() + self.rules.device_life_s,
            )
        return device_code, user_code

    def redeem(self, tx: Transaction, client_id: str, device_code: str) -> OAuthError | None:
        """Use a code up, or return why that cannot be.

        Returned and not raised, because the caller's transaction has to keep that it was asked.
        """
        key = hash_secret(device_code)
        row = tx.find("SELECT * FROM device_codes WHERE code_hash = ?", key)
        if row is None or row["client_id"] != client_id:
            return OAuthError("invalid_grant", "The device code is unknown to this client.")
        if row["state"] == "USED":
            return OAuthError("invalid_grant", "The device code has been used already.")
        now = self.clock()
        if now >= row["expires_at"]:
            return OAuthError("expired_token", "The device code has expired; start again.")
        if row["state"] == "DENIED":
            return OAuthError("access_denied", "The sign-in was denied.")
        if row["state"] == "APPROVED":
            tx.execute("UPDATE device_codes SET state = 'USED' WHERE code_hash = ?", (key,))
            return None
        return self._put_off(tx, row, now)

    def _put_off(self, tx: Transaction, row: sqlite3.Row, now: float) -> OAuthError:
        """Tell a program to wait, and longer if it has asked too soon."""
        interval_s = row["interval_s"]
        is_early = row["polled_at"] is not None and now - row["polled_at"] < interval_s - SLACK_S
        if is_early:
            interval_s += SLOW_DOWN_S
        tx.execute(
            "UPDATE device_codes SET polled_at = ?, interval_s = ? WHERE code_hash = ?",
            (now, interval_s, row["code_hash"]),
        )
        if is_early:
            return OAuthError("slow_down", f"Wait {interval_s} seconds between two polls.")
        return OAuthError("authorization_pending", "Nobody has decided about the code yet.")

    def find_state(self, user_code: str) -> str:
        """Return UNKNOWN, EXPIRED, PENDING, APPROVED, DENIED or USED; spelling is forgiven."""
        sql = "SELECT state, expires_at FROM device_codes WHERE user_code = ?"
        row = self.store.connect().find(sql, _tidy(user_code))
        if row is None:
            return "UNKNOWN"
        is_over = row["state"] == "PENDING" and self.clock() >= row["expires_at"]
        return "EXPIRED" if is_over else str(row["state"])

    def decide(self, user_code: str, *, is_approved: bool) -> str:
        """Approve or deny a code that is PENDING; return the state it had before."""
        with self.store.write() as tx:
            before = self.find_state(user_code)
            if before == "PENDING":
                tx.execute(
                    "UPDATE device_codes SET state = ? WHERE user_code = ?",
                    ("APPROVED" if is_approved else "DENIED", _tidy(user_code)),
                )
        return before


def _tidy(user_code: str) -> str:
    """Return a code as it is stored, however a person has typed it."""
    letters = "".join(letter for letter in user_code.upper() if letter in LETTERS)
    return f"{letters[:4]}-{letters[4:]}"
