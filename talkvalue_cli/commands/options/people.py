"""Options about people: one set of filters, and one set of fields."""

from __future__ import annotations

import re
from typing import Any

import click

from talkvalue_cli.commands.options.groups import (
    Decorator,
    clear_option,
    collect_changes,
    hand_over,
    to_wire,
)
from talkvalue_cli.commands.options.types import ID, ParsedType, Text
from talkvalue_cli.errors import UsageError


class Sort(ParsedType[str]):
    """`FIELD:asc` or `FIELD:desc`."""

    name = "sort"

    def _parse(self, text: str) -> str:
        if not re.fullmatch(r"[A-Za-z][\w.]*:(asc|desc)", text, re.ASCII | re.IGNORECASE):
            raise ValueError(f"{text!r} is not FIELD:asc or FIELD:desc, such as name:asc")
        return text


def _text(*names: str, help: str) -> click.Option:
    return click.Option([*names], metavar="TEXT", help=help)


def _texts(*names: str, help: str) -> click.Option:
    return click.Option([*names], multiple=True, metavar="TEXT", help=help)


def _id(*names: str, help: str, multiple: bool = False) -> click.Option:
    return click.Option([*names], type=ID, multiple=multiple, metavar="ID", help=help)


#: the names are those of the API in our spelling
FILTER_OPTIONS = (
    _text("--keyword", help="Only people with this in name or e-mail."),
    _id("--channel-id", help="Only people of this channel; repeatable.", multiple=True),
    _id("--event-id", help="Only people of this event; repeatable.", multiple=True),
    _id("--company-id", help="Only people of this company."),
    _text("--company-name", help="Only people of such a company."),
    _text("--job-title", help="Only people with such a job title."),
    click.Option(
        ["--sort"],
        type=Sort(),
        multiple=True,
        metavar="FIELD:ORDER",
        help="Order by name, joinedAt or createdAt, with asc or desc: joinedAt:desc. Repeatable; "
        "the first goes first.",
    ),
)


def people_filters(*, without: str | None = None) -> Decorator:
    """Add the filters, and hand them to the function as `filters`, see `api.people.Filters`.

    without: the name of the one that the thing above the people decides already.
    """
    options = tuple(option for option in FILTER_OPTIONS if option.name != without)
    return hand_over("filters", options, to_wire)


#: of every person, new or not
FIELD_OPTIONS = (
    _text("--first-name", help="First name."),
    _text("--last-name", help="Last name."),
    _text("--job-title", help="Job title."),
    _text("--address", help="Postal address."),
    _text("--avatar-url", help="URL of a picture."),
    # both spellings are in use: the existing CLI has one here and one there
    _text("--linkedin-url", "--linked-in-url", "linked_in_url", help="URL of the LinkedIn page."),
    _text("--x-url", help="URL of the page on X."),
    _text("--company-name", help="Name of the company."),
)
PHONE_OPTION = _texts("--phone", "phones", help="Phone number; repeatable.")
_NEW_OPTIONS = (
    click.Option(
        ["-e", "--email"],
        required=True,
        type=Text(),
        help="E-mail address; an existing person who has it is taken.",
    ),
    *FIELD_OPTIONS,
    PHONE_OPTION,
    click.Option(["--joined-at"], metavar="TIME", help="When the person joined, in ISO 8601."),
)


def _collect_new(given: dict[str, Any]) -> dict[str, Any]:
    """Return the body of the request: what it requires, then the rest."""
    fields = to_wire(given)
    return {"email": fields.pop("email"), "phones": fields.pop("phones"), **fields}


#: hands the body of the request to the function as `person`
new_person_options = hand_over("person", _NEW_OPTIONS, _collect_new)

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
_CHANGE_OPTIONS = (
    _text("--primary-email", help="The first e-mail address."),
    _texts("--email", "emails", help="Further e-mail address; repeatable. The others stay."),
    _text("--primary-phone", help="The first phone number."),
    _texts("--phone", "phones", help="Further phone number; repeatable. The others stay."),
    *FIELD_OPTIONS,
    _id("--company-id", help="The company, by its id."),
    click.Option(["--remove-company"], is_flag=True, help="The same as --clear company."),
    clear_option(
        tuple(CLEARABLE),
        "first-name, last-name, email, primary-phone, phone, job-title, "
        "address, avatar-url, linkedin-url, x-url or company",
    ),
)


def _collect_changes(given: dict[str, Any]) -> dict[str, Any]:
    """Return the body of the request. Raises UsageError for contradictions and for nothing."""
    cleared = list(given.pop("cleared"))
    if given.pop("remove_company"):
        cleared.append("company")
    for name, flag in (("company_name", "--company-name"), ("company_id", "--company-id")):
        if "company" in cleared and given[name] is not None:
            raise UsageError(f"{flag} and removing the company exclude each other")
    changes = collect_changes(given, cleared, CLEARABLE)
    for name in ("emails", "phones"):
        if name in changes:
            changes[name] = list(changes[name] or ())
    if "company" in changes:
        del changes["company"]
        changes["removeCompany"] = True
    return changes


#: hands the body of the request to the function as `changes`
person_changes = hand_over("changes", _CHANGE_OPTIONS, _collect_changes)
