"""Signing in: approval in a browser, choice of an organization, and what is stored in the end."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from talkvalue_cli import config_edit, private_files
from talkvalue_cli.api import organizations
from talkvalue_cli.api.shapes import Organization
from talkvalue_cli.commands.sign_in_organization import choose_organization
from talkvalue_cli.config_file import Profile
from talkvalue_cli.errors import AuthError, UsageError
from talkvalue_cli.runtime import Runtime

if TYPE_CHECKING:  # these import requests
    from talkvalue_cli.auth.oauth import DeviceGrant
    from talkvalue_cli.auth.tokens import Tokens

LONGEST_NAME = 100


def require_no_token(runtime: Runtime) -> None:
    """Raise UsageError when the environment has a token: no session would be used beside it."""
    if "TALKVALUE_TOKEN" in runtime.environ:
        raise UsageError(
            "TALKVALUE_TOKEN is set, and goes before every stored session",
            hint="unset TALKVALUE_TOKEN, then run this again",
        )


def sign_in(runtime: Runtime, wanted: str | None, *, may_open_browser: bool) -> Profile:
    """Begin a session, store it, and return its profile.

    wanted: name or id of the organization. What can fail without the user is
    tried before the user is asked for anything; nothing is stored before all
    of it is known. Raises AuthError, UsageError, TalkValueError.
    """
    chosen_name = _read_chosen_name(runtime)
    path = runtime.config_file.path
    private_files.try_write(path)
    runtime.token_store.check_file()
    file = runtime.config_file
    profiles, active = file.profiles, file.text("active_profile")
    answer = _approve(runtime, may_open_browser=may_open_browser)
    tokens = _read_tokens(runtime, answer)
    email = _find_email(tokens, answer)
    organization = choose_organization(
        runtime, _list_organizations(runtime, tokens), wanted, "--org"
    )
    tokens = enter_organization(runtime, tokens, organization)
    name = chosen_name or name_profile(email, profiles, active, file.names)
    profile = Profile(name, organization["id"], organization["name"], email)
    _store(runtime, profile, tokens)
    return profile


def _read_chosen_name(runtime: Runtime) -> str:
    """Return the profile that the flag or the environment names, empty when neither does."""
    name = runtime.flags.profile
    name = runtime.environ.get("TALKVALUE_PROFILE", "") if name is None else name
    if not name.isprintable() or name != name.strip() or len(name) > LONGEST_NAME:
        raise UsageError(f"{name!r} cannot be the name of a profile")
    return name


def _approve(runtime: Runtime, *, may_open_browser: bool) -> dict[str, Any]:
    """Have the sign-in approved, and return the token answer."""
    from talkvalue_cli.auth import browser
    from talkvalue_cli.auth.device import Approval

    output = runtime.output
    grant = runtime.oauth_server.begin_device_grant()
    output.keep_secret(grant.device_code)
    page = grant.complete_uri or grant.uri
    is_opened = may_open_browser and browser.open_page(page, runtime.environ)
    _show_code(runtime, grant, is_opened=is_opened)
    return Approval(
        runtime.oauth_server,
        grant,
        runtime.clock,
        on_lost=lambda error: output.note(f"{error.message}; still trying"),
        on_return=lambda: output.note("The connection is back."),
    ).wait()


def _show_code(runtime: Runtime, grant: DeviceGrant, *, is_opened: bool) -> None:
    say = runtime.output.note
    if is_opened:
        say("The sign-in page opens in your browser. If it does not, open this one:")
    else:
        say("Open this page in a browser, on this machine or another:")
    say(f"  {grant.uri}")
    say("The page shows this code, or asks for it:")
    say(f"  {grant.user_code}")
    minutes = max(1, int(grant.life_s // 60))
    say(f"Waiting for approval, for {minutes} min at the most. Ctrl-C stops it.")


def _read_tokens(
    runtime: Runtime, answer: Mapping[str, Any], before: Tokens | None = None
) -> Tokens:
    from talkvalue_cli.auth.tokens import read_tokens

    tokens = read_tokens(answer, runtime.wall_clock(), before)
    for secret in tokens.secrets:
        runtime.output.keep_secret(secret)
    return tokens


def _find_email(tokens: Tokens, answer: Mapping[str, Any]) -> str:
    """Return the user's e-mail address, empty when the server does not tell it."""
    from talkvalue_cli.auth import claims

    user = answer.get("user")
    told = user.get("email") if isinstance(user, dict) else ""
    return claims.read_text(claims.read_claims(tokens.id_token), "email") or (
        told if isinstance(told, str) else ""
    )


def _list_organizations(runtime: Runtime, tokens: Tokens) -> list[Organization]:
    from talkvalue_cli.transport import BearerAuth

    auth = BearerAuth(tokens.access_token)
    auth.hint = "the API does not know this sign-in; do both URLs lead to the same TalkValue?"
    client = runtime.make_client(auth)
    return organizations.list_organizations(client)


def enter_organization(runtime: Runtime, tokens: Tokens, organization: Organization) -> Tokens:
    """Return tokens for an organization; the ones given are used up. Raises AuthError."""
    if not tokens.refresh_token:
        raise AuthError(
            "the sign-in server gave no refresh token, so no organization can be chosen"
        )
    answer = runtime.oauth_server.refresh(tokens.refresh_token, organization["id"])
    return _read_tokens(runtime, answer, tokens)


def name_profile(
    email: str, profiles: Mapping[str, Profile], active: str, taken: Collection[str]
) -> str:
    """Return the name of the profile for a user.

    That is the active one if it is the same user's, else another of this
    user's, else one made from the e-mail address that nobody has yet.

    taken: the names in the file, those of profiles of another kind among them.
    """
    names = sorted(profiles, key=lambda name: name != active)
    same = [name for name in names if email and profiles[name].member_email == email]
    if same:
        return same[0]
    local = email.partition("@")[0].lower()
    base = re.sub("[^a-z0-9]+", "-", local).strip("-") or "default"
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    return name


def _store(runtime: Runtime, profile: Profile, tokens: Tokens) -> None:
    store = runtime.token_store
    with store.lock():
        problem = store.save_new(profile.name, tokens)
        try:
            config_edit.save_profile(runtime.config_file.path, profile)
        except BaseException:  # a signal among others: no tokens that no profile knows of
            store.delete([profile.name])
            raise
    if problem is not None:
        runtime.output.note(
            f"The session is in a file that only you can read, {store.file_path}: {problem.message}"
        )


def switch_organization(runtime: Runtime, wanted: str | None, remedy: str) -> Profile:
    """Scope the session of the profile in use to another organization; return the profile.

    Raises AuthError, UsageError, TalkValueError.
    """
    from talkvalue_cli import transport

    before = runtime.profile
    path = runtime.config_file.path
    private_files.try_write(path)
    organization = choose_organization(
        runtime, organizations.list_organizations(runtime.client), wanted, remedy
    )
    after = before._replace(org_id=organization["id"], org_name=organization["name"])
    session = runtime.session

    def enter() -> None:
        session.enter_organization(
            after.org_id, lambda: config_edit.save_profile(path, after, activate=False)
        )

    # in a thread of its own, so that no signal comes between the exchange and the files
    transport.run_within(None, enter)
    return after
