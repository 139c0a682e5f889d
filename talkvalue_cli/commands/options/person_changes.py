"""What `person update` changes: the fields of a person, those that --clear empties among them."""

from __future__ import annotations

from typing import Any

import click

from talkvalue_cli.commands.options.changes import collect_changes
from talkvalue_cli.commands.options.groups import hand_over
from talkvalue_cli.commands.options.people import FIELD_OPTIONS, PHONE_OPTION, to_wire
from talkvalue_cli.commands.options.types import ID, Word
from talkvalue_cli.errors import UsageError

#: word of --clear → the API's name; the primary e-mail is missing: people are recognized by it
CLEARABLE = {
    "first-name": "firstName",
    "last-name": "lastName",
    "email": "emails",
    "primary-phone": "primaryPhone",
    "phone": "phones",
    "job-title": "jobTitle",
    "address": "address",
    "avatar-url": "avatarUrl",
    "linkedin-url": "linkedInUrl",
    "linked-in-url": "linkedInUrl",
    "x-url": "xUrl",
    "company": "company",
}
_LISTS = ("emails", "phones")

_OPTIONS = (
    click.Option(["--primary-email"], metavar="TEXT", help="The first e-mail address."),
    click.Option(
        ["--email", "emails"],
        multiple=True,
        metavar="TEXT",
        help="E-mail address; repeatable, give all of them.",
    ),
    click.Option(["--primary-phone"], metavar="TEXT", help="The first phone number."),
    PHONE_OPTION,
    *FIELD_OPTIONS,
    click.Option(["--company-id"], type=ID, metavar="ID", help="The company, by its id."),
    click.Option(["--remove-company"], is_flag=True, help="The same as --clear company."),
    click.Option(
        ["--clear", "cleared"],
        multiple=True,
        type=Word("field", tuple(CLEARABLE)),
        metavar="FIELD",
        help="Empty a field: first-name, last-name, email, primary-phone, phone, job-title, "
        "address, avatar-url, linkedin-url, x-url or company; repeatable.",
    ),
)


def _collect(given: dict[str, Any]) -> dict[str, Any]:
    """Return the body of the request. Raises UsageError for contradictions and for nothing."""
    cleared = list(given.pop("cleared"))
    if given.pop("remove_company"):
        cleared.append("company")
    named = to_wire(given)
    company = next((name for name in ("companyName", "companyId") if name in named), None)
    if "company" in cleared and company:
        flag = {"companyName": "--company-name", "companyId": "--company-id"}[company]
        raise UsageError(f"{flag} and removing the company exclude each other")
    changes = collect_changes(named, cleared, CLEARABLE)
    for name in _LISTS:
        if name in changes:
            changes[name] = list(changes[name] or ())
    if "company" in changes:
        del changes["company"]
        changes["removeCompany"] = True
    return changes


#: hands the body of the request to the function as `changes`
person_changes = hand_over("changes", _OPTIONS, _collect)
