"""Endpoints of the account: the organizations of the token's user, and a short overview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talkvalue_cli.api import models
from talkvalue_cli.api.models import Organization, Record

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.client import Client


def list_organizations(client: Client) -> list[Organization]:
    """`GET /auth/organization`: the organizations that the token's user belongs to."""
    answer = client.get("/auth/organization")
    found = models.read_object(answer, data=list)["data"]
    organizations = models.read_list(answer._replace(value=found), id=str)
    # it is shown, and looked for when somebody names one: what is no text is as good as none
    return [Organization(id=each["id"], name=_read_name(each)) for each in organizations]


def _read_name(organization: Record) -> str:
    name = organization.get("name")
    return name if isinstance(name, str) and name else str(organization["id"])


def get_overview(client: Client) -> Record:
    """`GET /auth/overview`: a cheap call that tells whether the token is good."""
    return models.read_object(client.get("/auth/overview"))
