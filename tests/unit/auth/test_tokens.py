"""What tokens tell about themselves."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from talkvalue_cli.auth import tokens
from talkvalue_cli.auth.tokens import Tokens, read_tokens
from talkvalue_cli.errors import AuthError
from tests.unit.auth.sessions import NOW, make_access, make_jwt, make_tokens


def test_the_claims_of_a_token_are_read_without_a_key() -> None:
    assert tokens.read_claims(make_jwt(email="ä@b", exp=7)) == {"email": "ä@b", "exp": 7}


@pytest.mark.parametrize(
    "token",
    [
        *("", "opaque", "a.b", "a.b.c.d", "a.é.c", "a.!!!!.c", "..", "a.e30"),
        "a." + base64.urlsafe_b64encode(b"[1]").decode() + ".c",
        "a." + base64.urlsafe_b64encode(b"\xff\xfe").decode() + ".c",
        "a." + base64.urlsafe_b64encode(b"[" * 5000).decode() + ".c",
    ],
)
def test_a_token_that_is_no_jwt_has_no_claims(token: str) -> None:
    assert tokens.read_claims(token) == {}


@pytest.mark.parametrize("value", [None, "7", True, 0, -1, 1e12, float("inf"), float("nan"), [7]])
def test_a_time_that_is_none_is_not_used(value: Any) -> None:
    assert tokens.read_seconds({"exp": value}, "exp") is None
    assert Tokens(make_jwt(exp=value)).left_s(NOW) is None


def test_a_claim_that_is_no_text_is_empty() -> None:
    assert tokens.read_text({"email": 7}, "email") == ""
    assert Tokens(make_jwt(org_id=["o"])).organization_id == ""
    assert Tokens(make_jwt(org_id="org_1")).organization_id == "org_1"


@pytest.mark.parametrize("ahead_s", [-86400, -3600, 0, 3600, 86400])
@pytest.mark.parametrize(
    ("claims", "told", "life_s"),
    [
        ({"iat": NOW - 1, "exp": NOW + 299}, None, 300),
        ({"iat": NOW - 1, "exp": NOW + 299}, 250, 250),
        ({"iat": NOW - 1, "exp": NOW + 299}, 900, 300),
        ({"exp": NOW + 300}, 90, 90),
        ({}, 90.5, 90.5),
    ],
)
def test_a_life_counts_from_the_answer_whatever_the_clock_says(
    ahead_s: float, claims: dict[str, Any], told: float | None, life_s: float
) -> None:
    now = NOW + ahead_s
    tokens = read_tokens({"access_token": make_jwt(**claims), "expires_in": told}, now)
    assert tokens.left_s(now) == life_s
    assert tokens.left_s(now + 50) == life_s - 50


def test_the_end_is_stored_as_the_existing_cli_writes_it() -> None:
    tokens = read_tokens({"access_token": "opaque", "expires_in": 90.5}, NOW)
    assert tokens == ("opaque", "", "", "2026-11-23T08:01:30.500Z")


def test_an_end_alone_is_all_there_is_to_go_by() -> None:
    access = make_jwt(exp=NOW + 300)
    assert read_tokens({"access_token": access}, NOW).left_s(NOW) == 300
    # a token that is over when it comes: the clock is wrong, and the server will tell
    assert read_tokens({"access_token": access}, NOW + 3600).left_s(NOW + 3600) == 300


def test_what_the_existing_cli_has_stored_ends_by_the_clock_of_the_server() -> None:
    stored = Tokens(make_access("a", begin=NOW), expires_at="2026-11-23T08:05:00.000Z")
    assert stored.left_s(NOW + 100) == 200
    assert Tokens(make_access("a", begin=NOW)).left_s(NOW + 100) == 200


def test_an_end_further_off_than_the_life_is_of_a_clock_that_was_put_back() -> None:
    stored = read_tokens({"access_token": make_access("a")}, NOW + 3600)
    assert stored.left_s(NOW + 3600) == 300
    assert stored.left_s(NOW + 100) == 200


@pytest.mark.parametrize("life_s", [None, "300", True, 0, -5, 1e11, float("inf"), float("nan")])
def test_a_life_that_is_none_leaves_the_end_open(life_s: Any) -> None:
    tokens = read_tokens({"access_token": "opaque", "expires_in": life_s}, NOW)
    assert (tokens.expires_at, tokens.left_s(NOW)) == ("", None)


@pytest.mark.parametrize("stored", ["soon", "2026-13-45", "", "2026"])
def test_an_end_that_cannot_be_read_is_open(stored: str) -> None:
    assert Tokens("opaque", expires_at=stored).left_s(NOW) is None


@pytest.mark.parametrize(
    ("life_s", "margin_s"), [(3600, 60.0), (120, 60.0), (100, 50.0), (3, 1.5), (-5, 0.0)]
)
def test_the_margin_is_a_minute_but_at_most_half_the_life(life_s: float, margin_s: float) -> None:
    assert Tokens(make_access("a", life_s=life_s)).margin_s == margin_s


def test_a_token_of_unknown_life_is_renewed_a_minute_before() -> None:
    assert Tokens("opaque").margin_s == 60.0
    assert Tokens(make_jwt(exp=NOW)).margin_s == 60.0


def test_what_an_answer_leaves_out_is_kept() -> None:
    before = Tokens("old", "refresh-1", "id-1", "2026-11-23T08:00:00.000Z")
    assert read_tokens({"access_token": "new"}, NOW, before) == ("new", "refresh-1", "id-1", "")
    more = {"access_token": "new", "refresh_token": "refresh-2", "id_token": "id-2"}
    assert read_tokens(more, NOW, before) == ("new", "refresh-2", "id-2", "")


@pytest.mark.parametrize(
    "access", [None, 7, "", "a b", "a\nb", "é", "a\x00", "\ud800", 'a"b', "a\\b"]
)
def test_an_answer_without_a_token_that_can_be_sent_is_an_error(access: Any) -> None:
    with pytest.raises(AuthError) as caught:
        read_tokens({"access_token": access}, NOW)
    assert caught.value.message == "the sign-in server answered without an access token"


def test_tokens_do_not_show_their_secrets_when_they_are_printed() -> None:
    tokens = make_tokens("a")
    assert repr(tokens) == "Tokens(expires_at='')"
    assert str(tokens) == f"{tokens}" == repr(tokens)
