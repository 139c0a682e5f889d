"""What the client does when the server refuses the token, on every path."""

from __future__ import annotations

import io
from typing import Any

import pytest
import responses

from talkvalue_cli.errors import AuthError, NetworkError, RefusedError, TalkValueError
from talkvalue_cli.exit_codes import code_of
from talkvalue_cli.transport.client import Client
from talkvalue_cli.transport.session import BearerAuth, make_session
from tests.unit.wire import make_client

BASE = "http://api.test"
URL = f"{BASE}/path/thing"
PROBLEM = {"type": "about:blank", "title": "Unauthorized", "status": 401, "detail": "expired"}


class Renewing(BearerAuth):
    """A session with so many tokens; each is used until it is refused."""

    hint = "sign in again"

    def __init__(self, *tokens: str) -> None:
        self.tokens, self.rejected = list(tokens), list[str]()

    def get_token(self) -> str:
        return self.tokens[0]

    def reject(self, token: str) -> bool:
        self.rejected.append(token)
        if token == self.tokens[0] and len(self.tokens) > 1:
            del self.tokens[0]
            return True
        return False


def client_of(auth: BearerAuth) -> tuple[Client, list[float]]:
    slept: list[float] = []
    return Client(make_session(auth), BASE, sleep=slept.append), slept


def tokens_sent(http: responses.RequestsMock) -> list[str | None]:
    return [call.request.headers.get("Authorization") for call in http.calls]


def test_a_get_is_sent_again_at_once_with_the_next_token(http: responses.RequestsMock) -> None:
    http.get(URL, status=401, json=PROBLEM)
    http.get(URL, json={"id": 7})
    auth = Renewing("first", "second")
    client, slept = client_of(auth)
    assert client.get("/path/thing").value == {"id": 7}
    assert tokens_sent(http) == ["Bearer first", "Bearer second"]
    assert (auth.rejected, slept) == (["first"], [])


def test_a_post_is_sent_again_with_its_body(http: responses.RequestsMock) -> None:
    http.post(URL, status=401)
    http.post(URL, json={"id": 7})
    client, _ = client_of(Renewing("first", "second"))
    assert client.post("/path/thing", {"name": "ä"}).value == {"id": 7}
    assert [call.request.body for call in http.calls] == [b'{"name": "\\u00e4"}'] * 2
    assert tokens_sent(http) == ["Bearer first", "Bearer second"]


def test_an_upload_is_sent_again_from_the_beginning_of_the_file(
    http: responses.RequestsMock,
) -> None:
    received: list[bytes] = []

    def receive(request: Any) -> tuple[int, dict[str, str], str]:
        received.append(request.body)
        return (401 if len(received) == 1 else 200), {}, "{}"

    class Body(io.BytesIO):
        content_type = "text/csv"

    for _ in range(2):
        http.add_callback("POST", URL, receive)
    client, _ = client_of(Renewing("first", "second"))
    client.upload("/path/thing", lambda: Body(b"Email\na@b\n"))
    assert received == [b"Email\na@b\n"] * 2
    assert tokens_sent(http) == ["Bearer first", "Bearer second"]


def test_a_download_begins_again(http: responses.RequestsMock) -> None:
    http.get(URL, status=401)
    http.get(URL, body="id\n7\n", content_type="text/csv")
    client, _ = client_of(Renewing("first", "second"))
    with client.download("/path/thing") as chunks:
        assert b"".join(chunks) == b"id\n7\n"
    assert tokens_sent(http) == ["Bearer first", "Bearer second"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_second_refusal_is_the_end(http: responses.RequestsMock, method: str) -> None:
    for _ in range(2):
        http.add(method.upper(), URL, status=401, json=PROBLEM)
    client, slept = client_of(Renewing("first", "second", "third"))
    with pytest.raises(AuthError) as caught:
        client.get("/path/thing") if method == "get" else client.post("/path/thing", {})
    assert caught.value.text == f"expired (HTTP 401, {method.upper()} /path/thing)"
    assert (code_of(caught.value), caught.value.hint) == (3, "sign in again")
    assert tokens_sent(http) == ["Bearer first", "Bearer second"]
    assert slept == []


def test_a_token_of_the_environment_is_not_renewed(http: responses.RequestsMock) -> None:
    http.get(URL, status=401, json=PROBLEM)
    with pytest.raises(AuthError) as caught:
        make_client(BASE)[0].get("/path/thing")
    assert caught.value.hint == "check TALKVALUE_TOKEN; it may be wrong, expired or revoked"


@pytest.mark.parametrize("status", [403, 503])
def test_a_code_of_authentication_with_another_status_renews_nothing(
    http: responses.RequestsMock, status: int
) -> None:
    http.get(URL, status=status, json={**PROBLEM, "status": status, "errorCode": 1200})
    auth = Renewing("first", "second")
    with pytest.raises(AuthError) as caught:
        client_of(auth)[0].get("/path/thing")
    assert caught.value.hint == "sign in again"
    assert auth.rejected == []


def test_a_host_that_a_redirect_led_to_neither_gets_nor_refuses_the_token(
    http: responses.RequestsMock,
) -> None:
    http.get(URL, status=302, headers={"Location": "http://elsewhere.test/thing"})
    http.get("http://elsewhere.test/thing", status=401)
    auth = Renewing("first", "second")
    with pytest.raises(AuthError):
        client_of(auth)[0].get("/path/thing")
    assert tokens_sent(http) == ["Bearer first", None]
    assert auth.rejected == []


def test_transient_failures_are_repeated_after_a_renewal_as_before_it(
    http: responses.RequestsMock,
) -> None:
    for status in (503, 401, 503, 503):
        http.get(URL, status=status)
    http.get(URL, json={})
    client, slept = client_of(Renewing("first", "second"))
    client.get("/path/thing")
    assert tokens_sent(http) == ["Bearer first"] * 2 + ["Bearer second"] * 3
    assert len(slept) == 3


def test_a_post_that_fails_after_a_renewal_is_not_sent_a_third_time(
    http: responses.RequestsMock,
) -> None:
    http.post(URL, status=401)
    http.post(URL, status=503)
    with pytest.raises(RefusedError):
        client_of(Renewing("first", "second"))[0].post("/path/thing", {})


@pytest.mark.parametrize(
    "error", [AuthError("the session is over", hint="sign in"), TalkValueError("cannot write")]
)
def test_a_session_that_cannot_go_on_sends_nothing(
    http: responses.RequestsMock, error: TalkValueError
) -> None:
    class Over(Renewing):
        def get_token(self) -> str:
            raise error

    with pytest.raises(TalkValueError) as caught:
        client_of(Over())[0].get("/path/thing")
    assert type(caught.value) is type(error)
    assert (caught.value.message, caught.value.hint) == (error.message, error.hint)
    assert (caught.value.was_never_sent, error.was_never_sent) == (True, False)
    assert len(http.calls) == 0


class Broken(BearerAuth):
    """A session that cannot be renewed just now, so many times."""

    def __init__(self, error: TalkValueError, times: int) -> None:
        super().__init__("token")
        self.error, self.times = error, times

    def get_token(self) -> str:
        if self.times:
            self.times -= 1
            raise self.error
        return super().get_token()


@pytest.mark.parametrize(
    "error",
    [
        NetworkError("lost contact with the sign-in server"),
        RefusedError("the sign-in server does not work", is_transient=True),
    ],
)
def test_a_write_whose_token_could_not_be_renewed_was_not_sent_and_is_tried_again(
    http: responses.RequestsMock, error: TalkValueError
) -> None:
    http.post(URL, json={"id": 7})
    client, slept = client_of(Broken(error, 2))
    assert client.post("/path/thing", {}).value == {"id": 7}
    assert len(slept) == 2


def test_a_write_that_never_gets_a_token_is_no_uncertain_one(http: responses.RequestsMock) -> None:
    error = NetworkError("lost contact with the sign-in server")
    client, _ = client_of(Broken(error, 9))
    with pytest.raises(NetworkError) as caught:
        client.post("/path/thing", {})
    assert caught.value.was_never_sent
    assert not caught.value.may_have_arrived
