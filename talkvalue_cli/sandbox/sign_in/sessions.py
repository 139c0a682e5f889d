"""Sessions: who is signed in for which organization, and the tokens that say so."""

from __future__ import annotations

import math
import secrets
import sqlite3
from collections.abc import Callable
from typing import Any, cast

from ..db.store import Store, Transaction
from ..web.problems import TOKEN_ENDED, TOKEN_UNKNOWN, OAuthError, refuse_token
from . import signed_tokens
from .devices import SignInRules


class Sessions:
    """Sessions in the database. A refresh token is kept as a hash, an access token not at all."""

    def __init__(self, store: Store, rules: SignInRules, clock: Callable[[], float]) -> None:
        """Keep sessions in `store`; `clock` returns seconds since 1970."""
        self._store = store
        self._rules = rules
        self._clock = clock
        row = store.connect().execute("SELECT key FROM signing_key").fetchone()
        self._key = cast(bytes, row["key"])

    def open(self, tx: Transaction, client_id: str, member_id: int) -> dict[str, Any]:
        """Begin a session without an organization, and return its first tokens."""
        public_id = f"session_{secrets.token_hex(12)}"
        values = {"public_id": public_id, "client_id": client_id, "member_id": member_id}
        return self._issue(tx, tx.insert("sessions", **values))

    def refresh(
        self, client_id: str, refresh_token: str, organization_id: str | None
    ) -> dict[str, Any]:
        """Use a refresh token up, and return new tokens.

        organization_id: public id of the organization from now on; None keeps the one there is.
        Raises OAuthError, and leaves the token as it was; nor does the second use of a token
        that was used up end the session, as some servers have it.
        """
        key = signed_tokens.hash_secret(refresh_token)
        with self._store.write() as tx:
            row = tx.execute(
                """SELECT sessions.*, is_used FROM refresh_tokens
                   JOIN sessions ON sessions.id = session_id WHERE token_hash = ?""",
                (key,),
            ).fetchone()
            if row is None or row["client_id"] != client_id:
                raise OAuthError("invalid_grant", "The refresh token is unknown to this client.")
            if row["is_used"]:
                raise OAuthError("invalid_grant", "The refresh token has been used already.")
            tx.execute("UPDATE refresh_tokens SET is_used = 1 WHERE token_hash = ?", (key,))
            if organization_id is not None:
                _choose_organization(tx, row, organization_id)
            return self._issue(tx, row["id"])

    def read_access_token(self, token: str) -> tuple[int, int | None]:
        """Return the member of an access token, and its organization if any; raises the 401."""
        claims = signed_tokens.read_claims(token, self._key)
        if "sid" not in claims:
            raise refuse_token("The token is not known.", TOKEN_UNKNOWN)  # an id token neither
        if self._clock() >= claims["exp"]:
            raise refuse_token("The access token has expired.", TOKEN_ENDED)
        rows = self._store.connect().execute(
            """SELECT members.id, organizations.id
               FROM members LEFT JOIN organizations ON organizations.public_id = ?
               WHERE members.public_id = ?""",
            (claims.get("org_id"), claims["sub"]),
        )
        member_id, organization_id = rows.fetchone()
        return member_id, organization_id

    def _issue(self, tx: Transaction, session_id: int) -> dict[str, Any]:
        """Return a token response (section 8.2) for a session as it is now."""
        row = tx.execute(
            """SELECT sessions.public_id AS sid, members.public_id AS sub, email, first_name,
                   organizations.public_id AS org_id, organizations.name AS org_name
               FROM sessions JOIN members ON members.id = member_id
               LEFT JOIN organizations ON organizations.id = organization_id
               WHERE sessions.id = ?""",
            (session_id,),
        ).fetchone()
        refresh_token = secrets.token_urlsafe(32)
        tx.insert(
            "refresh_tokens",
            token_hash=signed_tokens.hash_secret(refresh_token),
            session_id=session_id,
        )
        has_scope = row["org_id"] is not None
        scope = {"org_id": row["org_id"]} if has_scope else {}
        names = {"org_name": row["org_name"]} if has_scope else {}
        return {
            "access_token": self._sign(row["sub"], {"sid": row["sid"], **scope}),
            "refresh_token": refresh_token,
            "id_token": self._sign(row["sub"], {"email": row["email"], **scope, **names}),
            "token_type": "Bearer",
            "expires_in": self._rules.token_life_s,
            **({"organization_id": row["org_id"]} if has_scope else {}),
            "user": {"id": row["sub"], "email": row["email"], "first_name": row["first_name"]},
        }

    def _sign(self, member_id: str, claims: dict[str, Any]) -> str:
        now = self._clock()
        # whole seconds, as everybody expects; rounded up, so that no token lives too short
        times = {"iat": math.floor(now), "exp": math.ceil(now + self._rules.token_life_s)}
        unique = {"jti": secrets.token_hex(8)}
        return signed_tokens.sign_claims({"sub": member_id, **claims, **times, **unique}, self._key)


def _choose_organization(tx: Transaction, session: sqlite3.Row, public_id: str) -> None:
    row = tx.find(
        """SELECT id FROM organizations WHERE public_id = ? AND id IN
               (SELECT organization_id FROM organization_members WHERE member_id = ?)""",
        public_id,
        session["member_id"],
    )
    if row is None:
        raise OAuthError("invalid_request", "The member belongs to no such organization.")
    tx.update("sessions", session["id"], organization_id=row["id"])
