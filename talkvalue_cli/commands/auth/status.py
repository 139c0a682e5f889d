"""Who is signed in, as far as the server agrees."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from talkvalue_cli.api import account
from talkvalue_cli.config import edit
from talkvalue_cli.config.file import Profile
from talkvalue_cli.config.settings import find_profile, name_config_origin
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import AuthError, ForbiddenError, LocalFileError
from talkvalue_cli.output.columns import Field, Layout, Record, make_field

#: how people see it: each thing with where it comes from
LAYOUT = Layout(
    (
        Field("Logged in", lambda record: "yes" if record["loggedIn"] else "no"),
        Field("User", lambda record: record.get("memberEmail")),
        make_field("First name", "memberFirstName"),
        Field("Organization", lambda record: _with_origin(record, "orgName", "orgOrigin")),
        make_field("Organization ID", "orgId"),
        make_field("Team members", "teamMemberCount"),
        Field("Profile", lambda record: _with_origin(record, "profile", "profileOrigin")),
        Field("API URL", lambda record: _with_origin(record, "apiUrl", "apiUrlOrigin")),
        Field("Sandbox", lambda record: "yes, its data is made up" if record["isSandbox"] else ""),
        make_field("Token from", "tokenOrigin"),
        Field("Config file", lambda record: _with_origin(record, "configFile", "configFileOrigin")),
    )
)


def _with_origin(record: Record, key: str, origin: str) -> str:
    value, source = record.get(key), record.get(origin)
    if not value:
        return ""
    return f"{value} ({source})" if source else str(value)


def find_status(context: AppContext) -> dict[str, Any]:
    """Return the record of `auth status`: who is signed in, and where that comes from."""
    status = _find_member(context)
    url = context.api_url_setting
    profile = find_profile(context.environ, context.config_file, context.flags.profile)
    return {
        **status,
        "profileOrigin": profile.origin if status["profile"] else None,
        "apiUrl": url.value,
        "apiUrlOrigin": url.origin,
        "isSandbox": context.is_sandbox if status["loggedIn"] else None,
        "tokenOrigin": _find_token(context),
        "configFile": str(context.config_file.path),
        "configFileOrigin": name_config_origin(context.environ),
    }


def _find_token(context: AppContext) -> str | None:
    """Return where the token is: in the environment, the keyring, or a file, which is named."""
    if context.settings.token is not None:
        return "TALKVALUE_TOKEN"
    profile = context.config_file.profiles.get(context.settings.profile)
    if profile is None:
        return None
    from talkvalue_cli.auth.backends import CredentialError

    with suppress(CredentialError):
        return context.token_store.find_place(profile.name, profile.org_id)
    return None


def _find_member(context: AppContext) -> dict[str, Any]:
    """Return what the existing CLI has in its record, and where the organization comes from."""
    settings = context.settings
    if settings.token is None and not settings.profile:
        return {"profile": None, "loggedIn": False}
    profile = None
    if settings.token is None:
        profile = context.config_file.profiles.get(settings.profile)
    status = {
        "profile": settings.profile or None,
        "loggedIn": False,
        "memberEmail": profile and profile.member_email,
        "orgId": profile and profile.org_id,
        "orgName": profile and profile.org_name,
        "memberFirstName": None,
        "teamMemberCount": None,
        "orgOrigin": profile and f"profile {profile.name}",
    }
    try:
        overview = account.get_overview(context.client)
    except (AuthError, ForbiddenError) as error:
        context.output.note(error.text)
        return status
    shown = {key: overview.get(key) for key in ("memberFirstName", "teamMemberCount")}
    status |= {"loggedIn": True, **shown}
    if not status["orgName"]:
        # no more than an extra: some tokens may not ask, and some folders cannot be written
        with suppress(AuthError, ForbiddenError, LocalFileError):
            _find_organization(context, profile, status)
    return status


def _find_organization(
    context: AppContext, profile: Profile | None, status: dict[str, Any]
) -> None:
    """Fill in the organization; a profile that lacks its name gets it for good."""
    known = status["orgId"]
    found = account.list_organizations(context.client)
    fitting = [each for each in found if known in (None, "", each["id"])]
    if len(fitting) != 1:
        return
    status |= {"orgId": fitting[0]["id"], "orgName": fitting[0]["name"], "orgOrigin": "server"}
    if profile is not None:
        filled = profile._replace(org_id=status["orgId"], org_name=status["orgName"])
        edit.save_profile(context.config_file.path, filled, activate=False)
