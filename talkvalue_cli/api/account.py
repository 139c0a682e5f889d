"""Endpoints of the account: the organizations of the token's user, and a short overview."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from talkvalue_cli.api import models
from talkvalue_cli.api.models import AccountOverview, Organization

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.client import Client


def list_organizations(client: Client) -> list[Organization]:
    """`GET /auth/organization`: the organizations that the token's user belongs to."""
    answer = client.get("/auth/organization")
    found = models.check_object(answer.value, answer.request, data=list)["data"]
    return cast("list[Organization]", models.check_list(found, answer.request, id=str, name=str))


def get_overview(client: Client) -> AccountOverview:
    """`GET /auth/overview`: a cheap call that tells whether the token is good."""
    answer = client.get("/auth/overview")
    return cast(AccountOverview, models.check_object(answer.value, answer.request))
