"""Who is signed in, as far as the server agrees."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from talkvalue_cli.api import account
from talkvalue_cli.config import edit
from talkvalue_cli.config.file import Profile
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import AuthError, ForbiddenError, LocalFileError


def find_status(context: AppContext) -> dict[str, Any]:
    """Return the record of `auth status`."""
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
    status["orgId"], status["orgName"] = fitting[0]["id"], fitting[0]["name"]
    if profile is not None:
        filled = profile._replace(org_id=status["orgId"], org_name=status["orgName"])
        edit.save_profile(context.config_file.path, filled, activate=False)
