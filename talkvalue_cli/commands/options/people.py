"""Options about people: one set of filters, and one set of fields."""

from __future__ import annotations

import re
from typing import Any

from talkvalue_cli.commands.options.groups import (
    Decorator,
    WordOption,
    clear_option,
    collect_changes,
    flag,
    hand_over,
    option,
    to_wire,
)
from talkvalue_cli.commands.options.names import CHANNEL, COMPANY, EVENT
from talkvalue_cli.commands.options.types import ParsedType, Text
from talkvalue_cli.errors import UsageError


class Sort(ParsedType[str]):
    """`FIELD:asc` or `FIELD:desc`."""

    name = "field:order"

    def _parse(self, text: str) -> str:
        if not re.fullmatch(r"[A-Za-z][\w.]*:(asc|desc)", text, re.ASCII | re.IGNORECASE):
            raise ValueError(f"{text!r} is not FIELD:asc or FIELD:desc, such as name:asc")
        return text


#: the names are those of the API in our spelling
FILTER_OPTIONS = (
    option("--keyword", "Only people with this in name or e-mail."),
    option(
        "--channel-id --channel",
        "Only people of this channel; repeatable.",
        type=CHANNEL,
        multiple=True,
    ),
    option(
        "--event-id --event",
        "Only people of this event; repeatable.",
        type=EVENT,
        multiple=True,
    ),
    option("--company-id --company", "Only people of this company.", type=COMPANY),
    option("--company-name", "Only people of such a company."),
    option("--job-title", "Only people with such a job title."),
    option(
        "--sort",
        "Order by name, joinedAt or createdAt, with asc or desc: joinedAt:desc. Repeatable; "
        "the first takes precedence.",
        type=Sort(),
        multiple=True,
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
    option("--first-name", "First name."),
    option("--last-name", "Last name."),
    option("--job-title", "Job title."),
    option("--address", "Postal address."),
    option("--avatar-url", "URL of a picture."),
    # both spellings are in use: the existing CLI has one here and one there
    option("--linkedin-url --linked-in-url linked_in_url", "URL of the LinkedIn page."),
    option("--x-url", "URL of the page on X."),
    option("--company-name", "Name of the company."),
)
PHONE_OPTION = option("--phone phones", "Phone number; repeatable.", multiple=True)
_NEW_OPTIONS = (
    WordOption(
        ["-e", "--email"],
        word="EMAIL",
        help="E-mail address; an existing person who has it is taken.",
        required=True,
        type=Text(),
    ),
    *FIELD_OPTIONS,
    PHONE_OPTION,
    option("--joined-at", "When the person joined, in ISO 8601.", metavar="TIME"),
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
    option("--primary-email", "The first e-mail address."),
    option("--email emails", "Further e-mail address; repeatable. The others stay.", multiple=True),
    option("--primary-phone", "The first phone number."),
    option("--phone phones", "Further phone number; repeatable. The others stay.", multiple=True),
    *FIELD_OPTIONS,
    option("--company-id --company", "The company, one that there is.", type=COMPANY),
    flag("--remove-company", "The same as --clear company."),
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
    for name, word in (("company_name", "--company-name"), ("company_id", "--company-id")):
        if "company" in cleared and given[name] is not None:
            raise UsageError(f"{word} and removing the company exclude each other")
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
