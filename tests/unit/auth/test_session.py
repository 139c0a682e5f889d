"""A stored session in use: when it is renewed, by whom, and what happens when it cannot be."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from talkvalue_cli import files
from talkvalue_cli.auth import backends
from talkvalue_cli.auth.oauth import OAuthError, OAuthServer
from talkvalue_cli.auth.session import SessionAuth
from talkvalue_cli.auth.store import TokenStore
from talkvalue_cli.auth.tokens import Tokens
from talkvalue_cli.config.file import Profile
from talkvalue_cli.errors import (
    AuthError,
    LocalFileError,
    NetworkError,
    RefusedError,
    TalkValueError,
)
from talkvalue_cli.exit_codes import code_of
from tests import keyring_backends
from tests.harness import wait_for
from tests.unit.auth.sessions import NOW, make_access, make_jwt, make_tokens

Answer = dict[str, Any] | TalkValueError | Callable[[], dict[str, Any]]
PROFILE = Profile("ada", "org_1", "One", "ada@example.org")
LOST = NetworkError("lost contact with https://auth.test")
USED_UP = OAuthError("the sign-in server refuses: used", "invalid_grant")


class Renewals(OAuthServer):
    """A server that answers refreshes from a list, and fails the test when it is used up.

    asked: the refresh token and the organization of each refresh.
    """

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.asked: list[tuple[str, str]] = []

    def refresh(self, refresh_token: str, organization_id: str = "") -> dict[str, Any]:
        self.asked.append((refresh_token, organization_id))
        answer = self.answers.pop(0)
        if isinstance(answer, TalkValueError):
            raise answer
        return answer() if callable(answer) else answer


class Session:
    """A session that is stored in the file, and a clock for it."""

    def __init__(self, folder: Path, tokens: Tokens) -> None:
        self.folder, self.server, self.store = folder, Renewals(), TokenStore(folder)
        self.wall, self.monotonic = NOW, 1000.0
        self.secrets: list[str] = []
        self.warnings: list[str] = []
        self.store.save("ada", tokens)
        self.auth = self.begin(tokens)

    def begin(self, tokens: Tokens, profile: Profile = PROFILE) -> SessionAuth:
        """Return the session as a process has it that has just begun."""
        return SessionAuth(
            profile,
            tokens,
            self.store,
            self.server,
            hint="sign in again",
            now=lambda: self.wall,
            elapsed=lambda: self.monotonic,
            keep_secret=self.secrets.append,
            warn=self.warnings.append,
        )

    def pass_time(self, seconds: float) -> None:
        self.wall += seconds
        self.monotonic += seconds

    def answer(self, *answers: Answer) -> None:
        self.server.answers += answers

    def hold_renewal(self) -> tuple[threading.Event, threading.Event]:
        """Have the next refresh say when it begins, and answer when it is let go."""
        begun, release = threading.Event(), threading.Event()

        def renew() -> dict[str, Any]:
            begun.set()
            assert release.wait(5)
            return answer_of("2", begin=NOW + 300)

        self.answer(renew)
        return begun, release

    @property
    def stored(self) -> Tokens | None:
        return TokenStore(self.folder).load("ada")

    def fail(self) -> TalkValueError:
        """Ask for a token, and return the error instead."""
        with pytest.raises(TalkValueError) as caught:
            self.auth.get_token()
        return caught.value


FIRST = make_tokens("1", org_id="org_1")


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(tmp_path / "config", FIRST)


def answer_of(name: str, **claims: Any) -> dict[str, Any]:
    """Return a token answer; `name` is the token's, and `refresh-NAME` is the next."""
    tokens = make_tokens(name, **{"org_id": "org_1", **claims})
    return {"access_token": tokens.access_token, "refresh_token": tokens.refresh_token}


def token_of(name: str, **claims: Any) -> str:
    return make_access(name, **{"org_id": "org_1", **claims})


@pytest.mark.parametrize(("seconds", "is_renewed"), [(0, False), (239.9, False), (240, True)])
def test_a_token_is_renewed_a_minute_before_its_end(
    session: Session, seconds: float, is_renewed: bool
) -> None:
    session.answer(answer_of("2", begin=NOW + seconds))
    session.pass_time(seconds)
    expected = token_of("2", begin=NOW + seconds) if is_renewed else FIRST.access_token
    assert session.auth.get_token() == expected
    assert session.auth.get_token() == expected
    assert session.server.asked == ([("refresh-1", "org_1")] if is_renewed else [])


def test_a_token_that_lives_for_seconds_is_renewed_in_the_middle(tmp_path: Path) -> None:
    session = Session(tmp_path, make_tokens("1", life_s=3, org_id="org_1"))
    session.pass_time(1.4)
    session.auth.get_token()
    assert session.server.asked == []
    session.pass_time(0.1)
    session.answer(answer_of("2", begin=NOW + 1.5, life_s=3))
    session.auth.get_token()
    assert session.server.asked == [("refresh-1", "org_1")]


def test_a_renewed_session_is_stored_with_its_end(session: Session) -> None:
    session.pass_time(300)
    session.answer(answer_of("2", begin=NOW + 300))
    session.auth.get_token()
    access = token_of("2", begin=NOW + 300)
    assert session.stored == (access, "refresh-2", "", "2026-11-23T08:10:00.000Z")
    assert {FIRST.access_token, "refresh-1", access, "refresh-2"} <= set(session.secrets)


def test_a_profile_without_an_organization_names_none(tmp_path: Path) -> None:
    session = Session(tmp_path, Tokens("opaque", "refresh-1", expires_at="2026-11-23T08:00:00Z"))
    session.auth = session.begin(
        Tokens("opaque", "refresh-1", expires_at="2026-11-23T08:00:00Z"),
        PROFILE._replace(org_id=""),
    )
    session.answer({"access_token": "new", "expires_in": 300})
    assert session.auth.get_token() == "new"
    assert session.server.asked == [("refresh-1", "")]


def test_a_refused_token_is_renewed_once_and_the_session_goes_on(session: Session) -> None:
    assert session.auth.reject(FIRST.access_token)
    session.answer(answer_of("2"))
    assert session.auth.get_token() == token_of("2")
    assert session.auth.get_token() == token_of("2")
    assert session.stored is not None and session.stored.access_token == token_of("2")


def test_a_refusal_that_comes_late_renews_nothing(session: Session) -> None:
    session.auth.reject(FIRST.access_token)
    session.answer(answer_of("2"))
    session.auth.get_token()
    assert session.auth.reject(FIRST.access_token)
    assert session.auth.get_token() == token_of("2")


def test_without_a_refresh_token_a_refusal_is_the_end(tmp_path: Path) -> None:
    session = Session(tmp_path, make_tokens("1", refresh="", org_id="org_1"))
    session.pass_time(250)
    assert session.auth.get_token() == FIRST.access_token
    assert not session.auth.reject(FIRST.access_token)
    error = session.fail()
    assert error.message == "the session of profile 'ada' is over: it has no refresh token"
    assert (code_of(error), error.hint) == (3, "sign in again")


@pytest.mark.parametrize("is_refused", [True, False])
def test_what_another_process_got_is_taken_without_a_refresh(
    session: Session, is_refused: bool
) -> None:
    if is_refused:
        session.auth.reject(FIRST.access_token)
    else:
        session.pass_time(300)
    other = make_tokens("other", begin=session.wall, org_id="org_1")
    session.store.save("ada", other)
    assert session.auth.get_token() == other.access_token
    assert session.server.asked == []


def test_two_threads_and_two_sessions_make_one_refresh(session: Session) -> None:
    session.pass_time(300)
    begun, release = session.hold_renewal()
    auths = [session.auth, session.auth, session.begin(FIRST), session.begin(FIRST)]
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda auth=auth: found.append(auth.get_token())) for auth in auths
    ]
    for thread in threads:
        thread.start()
    assert begun.wait(5)
    release.set()
    for thread in threads:
        thread.join(5)
    assert found == [token_of("2", begin=NOW + 300)] * 4
    assert session.server.asked == [("refresh-1", "org_1")]


def test_a_refused_refresh_is_the_end_and_says_how_to_sign_in(session: Session) -> None:
    session.pass_time(250)
    session.answer(USED_UP)
    error = session.fail()
    assert isinstance(error, AuthError)
    assert error.message == (
        "the session of profile 'ada' is over: the sign-in server refuses: used"
    )
    assert (code_of(error), error.hint, error.may_be_renewed) == (3, "sign in again", False)
    assert session.stored == FIRST


def test_a_program_that_takes_no_lock_may_have_been_faster(session: Session) -> None:
    """The existing CLI renews without our lock, and so perhaps between our look and our refresh."""
    session.pass_time(300)
    other = make_tokens("other", begin=NOW + 300, org_id="org_1")

    def lose() -> dict[str, Any]:
        session.store.save("ada", other)
        raise USED_UP

    session.answer(lose)
    assert session.auth.get_token() == other.access_token


def test_a_newer_session_in_the_keyring_takes_over_from_one_in_the_file(
    session: Session, keyring_file: Path
) -> None:
    newer = make_tokens("newer", org_id="org_1", life_s=100)
    session.pass_time(300)
    backends.KeyringCredentials().write(
        {f"talkvalue:ada:{key}": text for key, text in newer._asdict().items() if text}
    )
    session.answer(USED_UP, answer_of("2", begin=NOW + 300))
    assert session.auth.get_token() == token_of("2", begin=NOW + 300)
    assert session.server.asked == [("refresh-1", "org_1"), ("refresh-newer", "org_1")]


def test_tokens_that_were_removed_end_the_session(session: Session) -> None:
    session.pass_time(300)
    session.store.delete("ada")
    assert session.fail().message == "the session of profile 'ada' is over: its tokens were removed"


def test_a_failure_is_no_matter_while_the_token_is_good(session: Session) -> None:
    session.pass_time(250)
    session.answer(LOST)
    assert session.auth.get_token() == FIRST.access_token
    session.pass_time(9)
    assert session.auth.get_token() == FIRST.access_token
    assert len(session.server.asked) == 1
    session.pass_time(1)
    session.answer(answer_of("2", begin=NOW + 260))
    assert session.auth.get_token() == token_of("2", begin=NOW + 260)


def test_a_server_that_asks_for_a_pause_gets_it(session: Session) -> None:
    session.pass_time(250)
    session.answer(RefusedError("busy", is_transient=True, retry_after_s=30), answer_of("2"))
    for _ in range(2):
        assert session.auth.get_token() == FIRST.access_token
        session.pass_time(14)
    session.pass_time(2.5)
    assert session.auth.get_token() == token_of("2")
    assert len(session.server.asked) == 2


@pytest.mark.parametrize("is_refused", [True, False])
def test_a_failure_is_told_when_the_token_is_of_no_use(session: Session, is_refused: bool) -> None:
    if is_refused:
        session.auth.reject(FIRST.access_token)
    else:
        session.pass_time(300)
    session.answer(LOST)
    error = session.fail()
    assert error is LOST
    assert session.stored == FIRST


@pytest.mark.parametrize("ahead_s", [3600, 86400])
def test_a_clock_that_is_ahead_renews_what_the_existing_cli_has_stored_and_no_more(
    session: Session, ahead_s: float
) -> None:
    session.wall += ahead_s
    session.auth = session.begin(FIRST)
    session.answer(answer_of("2"))
    for _ in range(3):
        assert session.auth.get_token() == token_of("2")
        session.pass_time(60)
    # nor do other processes that come later
    stored = session.stored
    assert stored is not None
    assert session.begin(stored).get_token() == token_of("2")
    session.auth.reject(token_of("2"))
    session.answer(answer_of("3"))
    assert session.auth.get_token() == token_of("3")
    # another thread's answer, which was under way meanwhile
    session.auth.reject(token_of("2"))
    assert session.auth.get_token() == token_of("3")


@pytest.mark.parametrize("step_s", [-86400, -3600, 3600, 86400])
def test_a_step_of_the_clock_in_the_middle_changes_nothing(session: Session, step_s: float) -> None:
    session.pass_time(100)
    session.wall += step_s
    assert session.auth.get_token() == FIRST.access_token
    session.pass_time(139)
    assert session.auth.get_token() == FIRST.access_token
    session.pass_time(1)
    session.answer(answer_of("2", begin=NOW + 240))
    assert session.auth.get_token() == token_of("2", begin=NOW + 240)
    session.wall -= step_s
    session.pass_time(239)
    assert session.auth.get_token() == token_of("2", begin=NOW + 240)
    session.pass_time(1)
    session.answer(answer_of("3", begin=NOW + 480))
    assert session.auth.get_token() == token_of("3", begin=NOW + 480)


def test_a_token_that_does_not_tell_its_short_life_is_not_renewed_at_every_request(
    tmp_path: Path,
) -> None:
    tokens = Tokens("opaque-1", "refresh-1", expires_at="2026-11-23T08:00:00.000Z")
    session = Session(tmp_path, tokens)
    session.answer({"access_token": "opaque-2", "expires_in": 40})
    assert session.auth.get_token() == "opaque-2"
    session.pass_time(19)
    assert session.auth.get_token() == "opaque-2"
    session.pass_time(1)
    session.answer({"access_token": "opaque-3", "expires_in": 40})
    assert session.auth.get_token() == "opaque-3"


def test_a_clock_that_is_behind_leaves_it_to_the_server(session: Session) -> None:
    session.wall -= 86400
    assert session.auth.get_token() == FIRST.access_token


def test_a_session_that_cannot_be_stored_is_used_and_warned_about(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, content: bytes) -> None:
        raise LocalFileError(f"cannot write {path.name}: no space")

    session.pass_time(300)
    session.answer(answer_of("2", begin=NOW + 300))
    with monkeypatch.context() as patch:
        patch.setattr(files, "write", refuse)
        assert session.auth.get_token() == token_of("2", begin=NOW + 300)
        assert session.warnings == [
            "the renewed session is lost when this command ends: "
            "cannot write keyring.json: no space"
        ]
        assert session.stored == FIRST
        # the promise holds for a long command as well: what is stored is used up
        session.pass_time(300)
        session.answer(answer_of("3", begin=NOW + 600))
        assert session.auth.get_token() == token_of("3", begin=NOW + 600)
    session.pass_time(300)
    session.answer(answer_of("4", begin=NOW + 900))
    assert session.auth.get_token() == token_of("4", begin=NOW + 900)
    assert [token for token, _ in session.server.asked] == ["refresh-1", "refresh-2", "refresh-3"]
    assert session.stored is not None
    assert session.stored.refresh_token == "refresh-4"


def test_a_refresh_token_is_not_used_up_when_its_successor_could_not_be_stored(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise LocalFileError(f"cannot write {path.name}: permission denied")

    monkeypatch.setattr(files, "try_write", refuse)
    session.pass_time(250)
    assert session.auth.get_token() == FIRST.access_token
    session.pass_time(50)
    assert session.fail().message == "cannot write keyring.json: permission denied"
    assert session.server.asked == []


def test_a_token_for_another_organization_is_not_sent(session: Session) -> None:
    """Another process has switched the profile, while this one works in the organization before."""
    session.store.save("ada", make_tokens("two", begin=NOW + 240, org_id="org_2"))
    session.pass_time(240)
    session.answer(answer_of("2", begin=NOW + 240))
    assert session.auth.get_token() == token_of("2", begin=NOW + 240)
    assert session.server.asked == [("refresh-two", "org_1")]


def test_a_token_for_another_organization_is_no_way_out_of_a_failure(session: Session) -> None:
    session.store.save("ada", make_tokens("two", begin=NOW + 240, org_id="org_2"))
    session.pass_time(240)
    session.answer(LOST)
    assert session.fail() is LOST


def test_a_session_from_the_keyring_is_stored_there_again(
    session: Session, keyring_file: Path
) -> None:
    """Beside it the file has an older one for another organization, which nobody uses."""
    older = make_tokens("older", org_id="org_2")
    session.store.save("ada", older)
    backends.KeyringCredentials().write(
        {f"talkvalue:ada:{key}": text for key, text in FIRST._asdict().items() if text}
    )
    session.pass_time(300)
    session.answer(answer_of("2", begin=NOW + 300))
    assert session.auth.get_token() == token_of("2", begin=NOW + 300)
    stored = keyring_backends.read_accounts(keyring_file)
    assert stored["talkvalue:ada:refresh_token"] == "refresh-2"
    assert session.stored == older


def test_switching_stores_the_tokens_of_the_other_organization_and_then_does_the_rest(
    session: Session,
) -> None:
    session.answer(answer_of("2", org_id="org_2"))
    seen: list[Tokens | None] = []
    session.auth.enter_organization("org_2", lambda: seen.append(session.stored))
    assert session.server.asked == [("refresh-1", "org_2")]
    assert seen[0] is not None
    assert seen[0].access_token == token_of("2", org_id="org_2")


def test_settling_waits_for_a_renewal_but_not_for_ever(session: Session) -> None:
    session.pass_time(300)
    begun, release = session.hold_renewal()
    thread = threading.Thread(target=session.auth.get_token)
    thread.start()
    assert begun.wait(5)
    session.auth.settle(0.01)
    assert session.stored == FIRST
    threading.Timer(0.05, release.set).start()
    session.auth.settle(5)
    assert session.stored is not None
    assert session.stored.refresh_token == "refresh-2"
    thread.join(5)


def test_a_lock_keeps_the_file_of_tokens_as_it_was(session: Session) -> None:
    with session.store.lock():
        thread = threading.Thread(target=lambda: session.auth.get_token())
        session.pass_time(300)
        session.answer(answer_of("2", begin=NOW + 300))
        thread.start()
        wait_for(lambda: (session.folder / "tokens.lock").exists(), "the lock")
        assert json.loads((session.folder / "keyring.json").read_text()) == {
            "talkvalue:ada:refresh_token": "refresh-1",
            "talkvalue:ada:access_token": FIRST.access_token,
        }
        assert session.server.asked == []
    thread.join(5)
    assert session.server.asked == [("refresh-1", "org_1")]


def test_an_opaque_token_counts_from_the_moment_it_was_stored(tmp_path: Path) -> None:
    tokens = Tokens("opaque", "refresh-1", expires_at="2026-11-23T08:05:00.000Z")
    session = Session(tmp_path, tokens)
    session.pass_time(239)
    assert session.auth.get_token() == "opaque"
    session.pass_time(1)
    session.answer({"access_token": make_jwt(exp=NOW + 9999)})
    assert session.auth.get_token() == make_jwt(exp=NOW + 9999)
