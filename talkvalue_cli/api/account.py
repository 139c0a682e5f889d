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
    return models.read_list(answer._replace(value=found), id=str, name=str)


def get_overview(client: Client) -> Record:
    """`GET /auth/overview`: a cheap call that tells whether the token is good."""
    return models.read_object(client.get("/auth/overview"))
