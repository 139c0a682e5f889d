"""Signing in: approval in a browser, choice of an organization, and what is stored in the end."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from talkvalue_cli import files
from talkvalue_cli.api import account
from talkvalue_cli.api.models import Organization
from talkvalue_cli.commands.options import confirm
from talkvalue_cli.config import edit, settings
from talkvalue_cli.config.file import Profile
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import AuthError, TalkValueError, UsageError

if TYPE_CHECKING:  # these import requests
    from talkvalue_cli.auth.oauth import DeviceGrant
    from talkvalue_cli.auth.tokens import Tokens

LONGEST_NAME = 100


def require_no_token(context: AppContext) -> None:
    """Raise UsageError when the environment has a token: no session would be used beside it."""
    if "TALKVALUE_TOKEN" in context.environ:
        raise UsageError(
            "TALKVALUE_TOKEN is set, and takes precedence over every stored session",
            hint="unset TALKVALUE_TOKEN, then run this again",
        )


def sign_in(context: AppContext, wanted: str | None, *, may_open_browser: bool) -> Profile:
    """Begin a session, store it, and return its profile.

    wanted: name or id of the organization. What can fail without the user is
    tried before the user is asked for anything; nothing is stored before all
    of it is known. Raises AuthError, UsageError, TalkValueError.
    """
    chosen_name = _read_chosen_name(context)
    path = context.config_file.path
    files.try_write(path)
    context.token_store.check_file()
    file = context.config_file
    profiles, active = file.profiles, file.text("active_profile")
    answer = _approve(context, may_open_browser=may_open_browser)
    tokens = _read_tokens(context, answer)
    email = _find_email(tokens, answer)
    found = _list_organizations(context, tokens)
    organization = _choose_organization(context, found, wanted, "--org NAME-OR-ID")
    tokens = enter_organization(context, tokens, organization)
    servers = _find_servers(context)
    name = chosen_name or name_profile(
        email, profiles, active, file.names, api_url=context.settings.api_url
    )
    profile = Profile(name, organization["id"], organization["name"], email, **servers)
    _store(context, profile, tokens)
    return profile


def _read_chosen_name(context: AppContext) -> str:
    """Return the profile that the flag or the environment names, empty when neither does."""
    name = context.flags.profile
    name = context.environ.get("TALKVALUE_PROFILE", "") if name is None else name
    if not name.isprintable() or name != name.strip() or len(name) > LONGEST_NAME:
        raise UsageError(f"{name!r} cannot be the name of a profile")
    return name


def _find_servers(context: AppContext) -> dict[str, str]:
    """Return the servers that the profile is to remember: those that this command line chose."""
    found = {"api_url": context.api_url_setting, "auth_api_url": context.auth_url_setting}
    everybodys = (settings.FILE, settings.DEFAULT)
    return {key: each.value for key, each in found.items() if each.origin not in everybodys}


def _approve(context: AppContext, *, may_open_browser: bool) -> dict[str, Any]:
    """Have the sign-in approved, and return the token answer."""
    from talkvalue_cli.auth import browser
    from talkvalue_cli.auth.device import Approval

    output = context.output
    grant = context.oauth_server.begin_device_grant()
    output.keep_secret(grant.device_code)
    page = grant.complete_uri or grant.uri
    is_opened = may_open_browser and browser.open_page(page, context.environ)
    _show_code(context, grant, is_opened=is_opened)
    return Approval(
        context.oauth_server,
        grant,
        context.clock,
        on_lost=lambda error: output.note(f"{error.text}; still trying"),
        on_return=lambda: output.note("The connection is back."),
    ).wait()


def _show_code(context: AppContext, grant: DeviceGrant, *, is_opened: bool) -> None:
    asking = "Open this page in a browser, on this machine or another:"
    opened = "The sign-in page opens in your browser. If it does not, open this one:"
    minutes = max(1, int(grant.life_s // 60))
    context.output.note(
        f"{opened if is_opened else asking}\n  {grant.uri}\n"
        f"The page shows this code, or asks for it:\n  {grant.user_code}\n"
        f"Waiting for approval, for {minutes} min at the most. Ctrl-C stops it."
    )


def _read_tokens(
    context: AppContext, answer: Mapping[str, Any], before: Tokens | None = None
) -> Tokens:
    from talkvalue_cli.auth.tokens import read_tokens

    tokens = read_tokens(answer, context.wall_clock(), before)
    for secret in tokens.secrets:
        context.output.keep_secret(secret)
    return tokens


def _find_email(tokens: Tokens, answer: Mapping[str, Any]) -> str:
    """Return the user's e-mail address, empty when the server does not tell it."""
    from talkvalue_cli.auth.tokens import read_claims, read_text

    user = answer.get("user")
    told = read_text(user, "email") if isinstance(user, dict) else ""
    return read_text(read_claims(tokens.id_token), "email") or told


def _list_organizations(context: AppContext, tokens: Tokens) -> list[Organization]:
    from talkvalue_cli.transport.session import BearerAuth

    auth = BearerAuth(tokens.access_token)
    auth.hint = "the API does not know this sign-in; do both URLs lead to the same TalkValue?"
    return account.list_organizations(context.make_client(auth))


def enter_organization(context: AppContext, tokens: Tokens, organization: Organization) -> Tokens:
    """Return tokens for an organization; the ones given are used up. Raises AuthError."""
    if not tokens.refresh_token:
        message = "the sign-in server gave no refresh token, so no organization can be chosen"
        raise AuthError(message)
    answer = context.oauth_server.refresh(tokens.refresh_token, organization["id"])
    return _read_tokens(context, answer, tokens)


def name_profile(
    email: str,
    profiles: Mapping[str, Profile],
    active: str,
    taken: Collection[str],
    *,
    api_url: str,
) -> str:
    """Return the name of the profile for a user.

    That is the active one if it is the same user's, else another of this
    user's, else one made from the e-mail address that nobody has yet. A profile
    that is known to be of another server than `api_url` is another user's.

    taken: the names in the file, those of profiles of another kind among them.
    """
    names = sorted(profiles, key=lambda name: name != active)
    same = [
        name
        for name in names
        if email
        and profiles[name].member_email == email
        and profiles[name].api_url in ("", api_url)
    ]
    if same:
        return same[0]
    local = email.partition("@")[0].lower()
    base = re.sub("[^a-z0-9]+", "-", local).strip("-") or "default"
    candidates = itertools.chain([base], (f"{base}-{n}" for n in itertools.count(2)))
    return next(name for name in candidates if name not in taken)


def _store(context: AppContext, profile: Profile, tokens: Tokens) -> None:
    store = context.token_store
    with store.lock():
        problem = store.save_new(profile.name, tokens)
        try:
            edit.save_profile(context.config_file.path, profile)
        except BaseException:  # a signal among others: no tokens that no profile knows of
            with suppress(TalkValueError):
                store.delete(profile.name)
            raise
    if problem is not None:
        context.output.note(
            f"The session is in a file that only you can read, {store.file_path}: {problem.message}"
        )


def switch_organization(context: AppContext, wanted: str | None, remedy: str) -> Profile:
    """Scope the session of the profile in use to another organization; return the profile.

    Raises AuthError, UsageError, TalkValueError.
    """
    from talkvalue_cli.transport.deadline import run_within

    before = context.profile
    path = context.config_file.path
    files.try_write(path)
    found = account.list_organizations(context.client)
    organization = _choose_organization(context, found, wanted, remedy)
    after = before._replace(org_id=organization["id"], org_name=organization["name"])
    session = context.session

    def enter() -> None:
        session.enter_organization(
            after.org_id, lambda: edit.save_profile(path, after, activate=False)
        )

    # in a thread of its own, so that no signal comes between the exchange and the files
    run_within(None, enter)
    return after


def _choose_organization(
    context: AppContext, found: Sequence[Organization], wanted: str | None, remedy: str
) -> Organization:
    """Return the organization that is wanted, the only one, or the one that the user picks.

    remedy: how to name one, for the message. Raises UsageError.
    """
    if not found:
        raise UsageError("this account belongs to no organization")
    if wanted is not None:
        organization = _find_organization(found, wanted)
        if organization is None:
            names = ", ".join(map(_label, found))
            raise UsageError(f"there is no organization {wanted!r}", hint=f"there are {names}")
        return organization
    if len(found) == 1:
        return found[0]
    if not confirm.can_ask(context):
        names = "\n".join(f"  {_label(each)}" for each in found)
        raise UsageError(
            f"there are {len(found)} organizations, and without a terminal one has to be named:\n"
            f"{names}",
            hint=f"{remedy} names it",
        )
    items = [(each, _label(each)) for each in found]
    return confirm.choose(
        context, "Which organization?", items, lambda text: _find_organization(found, text)
    )


def _find_organization(found: Sequence[Organization], wanted: str) -> Organization | None:
    """Return the organization with this id, else the one with this name in any case."""
    named = [each for each in found if each["id"] == wanted] or [
        each for each in found if each["name"].casefold() == wanted.strip().casefold()
    ]
    if len(named) > 1:
        raise UsageError(
            f"{len(named)} organizations are called {wanted!r}",
            hint=f"take the id: {', '.join(map(_label, named))}",
        )
    return named[0] if named else None


def _label(organization: Organization) -> str:
    return f"{organization['name']} ({organization['id']})"
