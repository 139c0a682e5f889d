"""`person update`: what is given is sent, and what is cleared is sent empty."""

from __future__ import annotations

import json
from typing import Any

import pytest
import responses

from tests.unit.commands.command_line import API, run

SENT: dict[str, Any] = {
    "--job-title Boss": {"jobTitle": "Boss"},
    "--job-title=": {"jobTitle": ""},
    "--first-name A --last-name B --address C --avatar-url D --x-url E": {
        "firstName": "A",
        "lastName": "B",
        "address": "C",
        "avatarUrl": "D",
        "xUrl": "E",
    },
    "--linkedin-url https://li": {"linkedInUrl": "https://li"},
    "--linked-in-url https://li": {"linkedInUrl": "https://li"},
    "--primary-email a@x.org --email a@x.org --email b@x.org": {
        "primaryEmail": "a@x.org",
        "emails": ["a@x.org", "b@x.org"],
    },
    "--primary-phone 1 --phone 1": {"primaryPhone": "1", "phones": ["1"]},
    "--company-name X --company-id 3": {"companyName": "X", "companyId": 3},
    "--remove-company": {"removeCompany": True},
    "--clear company": {"removeCompany": True},
    "--clear company --remove-company": {"removeCompany": True},
    "--clear job-title --clear LINKED-IN-URL": {"jobTitle": None, "linkedInUrl": None},
    "--clear email --clear phone --clear primary-phone": {
        "emails": [],
        "phones": [],
        "primaryPhone": None,
    },
    "--first-name A --clear last-name": {"firstName": "A", "lastName": None},
}


@pytest.mark.parametrize("arguments", SENT)
def test_only_what_is_named_is_sent(arguments: str) -> None:
    with responses.RequestsMock() as http:
        http.patch(f"{API}/path/person/5", json={"id": 5, "name": "Ada"})
        done = run(f"path person update 5 {arguments}")
        assert (done.code, done.err) == (0, "")
        assert json.loads(http.calls[0].request.body or "") == SENT[arguments]
