"""Access tokens, id tokens and refresh tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from talkvalue_cli.sandbox.sign_in.devices import SignInRules

from ..bench import Bench
from ..program import Program, error_of, read_part

Open = Callable[..., Bench]


def refusal_of(answer: TestResponse) -> tuple[int, int, str]:
    """Return status, error code and sentence of a problem document."""
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    return answer.status_code, answer.json.get("errorCode", 0), answer.json["detail"]


def flip(token: str, index: int) -> str:
    """Return the token with another letter in one place."""
    return token[:index] + ("A" if token[index] != "A" else "B") + token[index + 1 :]


def test_tokens_are_real_json_web_tokens(program: Program) -> None:
    program.bench.wall.seconds = 1_800_000_000.5
    tokens = program.refresh(program.sign_in(), "org_harbor")
    access, ident = read_part(tokens["access_token"]), read_part(tokens["id_token"])
    assert read_part(tokens["access_token"], 0) == {"alg": "HS256", "typ": "JWT"}
    assert access.pop("sid").startswith("session_")
    assert access.pop("jti") != ident.pop("jti")
    assert access == {
        "sub": "user_ada",
        "org_id": "org_harbor",
        "iat": 1_800_000_000,
        "exp": 1_800_000_301,
    }
    assert ident == {
        "sub": "user_ada",
        "email": "ada.baker@example.com",
        "org_id": "org_harbor",
        "org_name": "Harbor Meetups",
        "iat": 1_800_000_000,
        "exp": 1_800_000_301,
    }
    [key] = program.bench.store.connect().execute("SELECT key FROM signing_key").fetchone()
    signed, _, signature = tokens["access_token"].rpartition(".")
    expected = base64.urlsafe_b64encode(hmac.digest(key, signed.encode(), hashlib.sha256))
    assert (len(key), signature) == (32, expected.decode().rstrip("="))


def test_a_refresh_token_works_once_and_ends_nothing(program: Program) -> None:
    first = program.sign_in()
    second = program.refresh(first)
    assert second["refresh_token"] != first["refresh_token"]
    assert error_of(program.try_refresh(first["refresh_token"])) == "invalid_grant"
    for tokens in (first, second):
        program.get(tokens["access_token"], "/auth/organization")
    program.refresh(second)


def test_a_refresh_token_is_for_the_program_that_has_got_it(program: Program) -> None:
    tokens = program.sign_in()
    other = Program(program.bench, "client_other")
    assert error_of(other.try_refresh(tokens["refresh_token"])) == "invalid_grant"
    program.refresh(tokens)


def test_the_organization_stays_until_another_is_asked_for(program: Program) -> None:
    tokens = program.sign_in()
    seen = [tokens.get("organization_id")]
    for asked in (None, "org_harbor", None, "org_academy", None):
        tokens = program.refresh(tokens, asked)
        assert read_part(tokens["access_token"]).get("org_id") == tokens.get("organization_id")
        seen.append(tokens.get("organization_id"))
    assert seen == [None, None, "org_harbor", "org_harbor", "org_academy", "org_academy"]


def test_an_organization_of_others_is_refused_and_the_token_kept(program: Program) -> None:
    tokens = program.sign_in()
    connection = program.bench.store.connect()
    connection.execute("INSERT INTO organizations VALUES (9, 'org_strange', 'Strange')")
    for public_id in ("org_strange", "org_nowhere", "2"):
        answer = program.try_refresh(tokens["refresh_token"], public_id)
        assert error_of(answer) == "invalid_request"
    program.refresh(tokens, "org_harbor")


def test_two_sessions_do_not_know_of_each_other(program: Program) -> None:
    first, second = program.sign_in(), program.sign_in()
    program.refresh(first, "org_harbor")
    assert "organization_id" not in program.refresh(second)


def test_without_an_organization_only_the_account_can_be_seen(program: Program) -> None:
    token = program.sign_in()["access_token"]
    assert len(program.get(token, "/auth/organization")["data"]) == 3
    assert program.get(token, "/auth/overview") == {"teamMemberCount": 0, "memberFirstName": "Ada"}
    for path in ("/path/channel", "/path/import/1", "/nowhere"):
        status, code, detail = refusal_of(program.send(token, "GET", path))
        assert (status, code) == (403, 0)
        assert detail == "The access token is not for an organization; choose one first."


def test_an_access_token_expires_when_it_says(open_bench: Open) -> None:
    program = Program(open_bench(rules=SignInRules(token_life_s=3)))
    tokens = program.refresh(program.sign_in(), "org_sandbox")
    assert tokens["expires_in"] == 3
    assert read_part(tokens["access_token"])["exp"] == 1_790_000_003
    program.bench.wall.seconds += 2.9
    program.get(tokens["access_token"], "/path/channel")
    program.bench.wall.seconds += 0.1
    for path in ("/path/channel", "/auth/overview"):
        answer = program.send(tokens["access_token"], "GET", path)
        assert refusal_of(answer) == (401, 1102, "The access token has expired.")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    program.get(program.refresh(tokens)["access_token"], "/path/channel")


def test_what_we_have_not_signed_is_unknown(program: Program) -> None:
    tokens = program.refresh(program.sign_in(), "org_harbor")
    token = tokens["access_token"]
    head, body, signature = token.split(".")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    forged = [
        flip(token, len(head) + 5),
        flip(token, len(head) + len(body) + 5),
        f"{head}.{body}.",
        f"{head}.{body}",
        f"{unsigned}.{body}.",
        f"{head}.{body}.{signature}é",
        "..",
        tokens["refresh_token"],
        tokens["id_token"],
    ]
    for other in forged:
        answer = program.send(other, "GET", "/path/channel")
        assert refusal_of(answer) == (401, 1101, "The token is not known."), other


def test_everything_goes_on_after_a_restart(open_bench: Open) -> None:
    program = Program(open_bench())
    token = program.enter("org_harbor")
    waiting, approved, tokens = program.start(), program.start(), program.sign_in()
    program.decide(approved["user_code"])
    program = Program(open_bench())
    assert len(program.get(token, "/path/channel")) == 3
    assert error_of(program.poll(waiting)) == "authorization_pending"
    assert program.poll(approved).status_code == 200
    program.refresh(tokens)
    program = Program(open_bench())
    assert error_of(program.try_refresh(tokens["refresh_token"])) == "invalid_grant"


def test_no_token_stands_in_the_database(program: Program, tmp_path: Path) -> None:
    started = program.start()
    tokens = program.refresh(program.sign_in())
    content = b"".join(path.read_bytes() for path in tmp_path.glob("sandbox.db*"))
    assert started["user_code"].encode() in content
    for secret in (
        started["device_code"],
        tokens["access_token"],
        tokens["id_token"],
        tokens["refresh_token"],
    ):
        assert secret.encode() not in content


def test_nothing_is_written_to_the_streams(
    program: Program, capsys: pytest.CaptureFixture[str]
) -> None:
    tokens = program.sign_in()
    program.try_refresh(tokens["refresh_token"], "org_nowhere")
    program.send(flip(tokens["access_token"], 50), "GET", "/path/channel")
    assert capsys.readouterr() == ("", "")
