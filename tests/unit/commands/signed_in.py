"""A home with profiles in it, and a server that signs in, for the tests of `auth` and `config`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import responses

from talkvalue_cli import cli
from talkvalue_cli.auth.store import TokenStore
from talkvalue_cli.auth.tokens import Tokens
from talkvalue_cli.config import edit
from talkvalue_cli.config.file import Profile
from tests.fakes import FakeRuntime
from tests.unit.auth.sessions import AUTH, make_access, make_jwt

API = "https://api.test"
#: what the wall clock of a FakeRuntime says at its beginning
NOW = 1_764_001_000
ONE = {"id": "org_1", "name": "One"}
TWO = {"id": "org_2", "name": "Two"}
ADA = Profile("ada", "org_1", "One", "ada@example.org")
BOB = Profile("bob", "org_2", "Two", "bob@example.org")


class Ran(NamedTuple):
    """What a command line left behind."""

    code: int
    out: str
    err: str
    context: FakeRuntime

    @property
    def data(self) -> Any:
        """The answer, of JSON output."""
        return json.loads(self.out)["data"]

    @property
    def error(self) -> Any:
        """The error, of JSON output."""
        assert self.out == ""
        return json.loads(self.err[self.err.index('{\n  "error"') :])["error"]


class Home:
    """A home folder; its profiles are signed in with tokens in the file."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / ".talkvalue" / "config.yml"
        self.environ = {
            "HOME": str(folder),
            "TALKVALUE_API_URL": API,
            "TALKVALUE_AUTH_API_URL": AUTH,
        }
        self.store = TokenStore(self.path.parent)

    def add(self, profile: Profile, *, refresh: str = "refresh-1", life_s: float = 300) -> Tokens:
        """Sign a profile in; it becomes the active one."""
        access = access_of(profile.name, org_id=profile.org_id, life_s=life_s)
        tokens = Tokens(access, refresh)
        edit.save_profile(self.path, profile)
        self.store.save(profile.name, tokens)
        return tokens

    def run(self, *argv: str, environ: Mapping[str, str] | None = None, **settings: Any) -> Ran:
        """Run a command line."""
        context = FakeRuntime(argv, {**self.environ, **(environ or {})}, **settings)
        code = cli.main(argv, context)
        return Ran(code, context.fake_stdout.text, context.fake_stderr.text, context)

    @property
    def accounts(self) -> dict[str, str]:
        """What is in the file of tokens."""
        path = self.path.with_name("keyring.json")
        found: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        return found


def access_of(name: str, *, life_s: float = 300, **claims: Any) -> str:
    """Return an access token that is good now."""
    return make_access(name, begin=NOW, life_s=life_s, **claims)


class SignIn:
    """A sign-in server and its API, on mocked answers."""

    def __init__(self, http: responses.RequestsMock, email: str = "ada@example.org") -> None:
        self.http, self.email = http, email

    def begin(self, **more: Any) -> None:
        """Answer the begin of a device flow."""
        grant = {
            "device_code": "secret-device-code",
            "user_code": "ABCD-EFGH",
            "verification_uri": f"{AUTH}/device",
            "verification_uri_complete": f"{AUTH}/device?user_code=ABCD-EFGH",
            "expires_in": 300,
            "interval": 5,
        }
        url = f"{AUTH}/user_management/authorize/device"
        self.http.post(url, json={**grant, **more})

    def refuse(self, error: str, status: int = 400) -> None:
        """Refuse the next request for tokens."""
        self._answer_tokens(status=status, json={"error": error})

    def approve(self) -> None:
        """Answer with tokens that are for no organization yet."""
        self.give("approved", id_token=make_jwt(email=self.email))

    def give(self, name: str, organization_id: str | None = None, **more: Any) -> None:
        """Answer the next request for tokens with some."""
        claims: dict[str, Any] = {"org_id": organization_id} if organization_id else {}
        answer = {"access_token": access_of(name, **claims), "refresh_token": f"refresh-{name}"}
        self._answer_tokens(json={**answer, **more})

    def _answer_tokens(self, **answer: Any) -> None:
        self.http.post(f"{AUTH}/user_management/authenticate", **answer)

    def organizations(self, *found: dict[str, str], status: int = 200) -> None:
        """Answer the list of organizations."""
        self.http.get(f"{API}/auth/organization", status=status, json={"data": list(found)})

    def whole(self, *found: dict[str, str], chosen: str) -> None:
        """Answer all of a sign-in."""
        self.begin()
        self.approve()
        self.organizations(*found)
        self.give("scoped", chosen)

    def bodies(self, part: str) -> list[Any]:
        """Return the bodies that were sent to URLs with this part in them."""
        return [call.request.body for call in self.http.calls if part in str(call.request.url)]
