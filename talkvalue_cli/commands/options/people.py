"""Options about people: one set of filters, and one set of fields."""

from __future__ import annotations

import re
from typing import Any

import click

from talkvalue_cli.api.people import Filters
from talkvalue_cli.commands.options.groups import Decorator, hand_over
from talkvalue_cli.commands.options.types import ID, Text


class Sort(click.ParamType[str]):
    """`FIELD:asc` or `FIELD:desc`."""

    name = "sort"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text unchanged; fail naming it when it is not of this form."""
        if not re.fullmatch(r"[A-Za-z][\w.]*:(asc|desc)", str(value), re.ASCII | re.IGNORECASE):
            self.fail(
                f"{str(value)!r} is not FIELD:asc or FIELD:desc, such as name:asc", param, ctx
            )
        return str(value)


FILTER_OPTIONS = (
    click.Option(["--keyword"], metavar="TEXT", help="Only people with this in name or e-mail."),
    click.Option(
        ["--channel-id", "channel_ids"],
        type=ID,
        multiple=True,
        metavar="ID",
        help="Only people of this channel; repeatable.",
    ),
    click.Option(
        ["--event-id", "event_ids"],
        type=ID,
        multiple=True,
        metavar="ID",
        help="Only people of this event; repeatable.",
    ),
    click.Option(["--company-id"], type=ID, metavar="ID", help="Only people of this company."),
    click.Option(["--company-name"], metavar="TEXT", help="Only people of such a company."),
    click.Option(["--job-title"], metavar="TEXT", help="Only people with such a job title."),
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
    """Add the filters, and hand them to the function as `filters`.

    without: the name of the one that the thing above the people decides already.
    """
    options = tuple(option for option in FILTER_OPTIONS if option.name != without)
    return hand_over("filters", options, lambda given: Filters(**given))


def _field(*names: str, help: str) -> click.Option:
    return click.Option([*names], metavar="TEXT", help=help)


#: of every person, new or not; the names are those of the API in our spelling
FIELD_OPTIONS = (
    _field("--first-name", help="First name."),
    _field("--last-name", help="Last name."),
    _field("--job-title", help="Job title."),
    _field("--address", help="Postal address."),
    _field("--avatar-url", help="URL of a picture."),
    # both spellings are in use: the existing CLI has one here and one there
    _field("--linkedin-url", "--linked-in-url", "linked_in_url", help="URL of the LinkedIn page."),
    _field("--x-url", help="URL of the page on X."),
    _field("--company-name", help="Name of the company."),
)
PHONE_OPTION = click.Option(
    ["--phone", "phones"], multiple=True, metavar="TEXT", help="Phone number; repeatable."
)
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
    first = {"email": given.pop("email"), "phones": list(given.pop("phones"))}
    return first | to_wire(given)


def to_wire(given: dict[str, Any]) -> dict[str, Any]:
    """Return the values that were given, by the API's names: first_name becomes firstName."""
    return {_to_camel_case(name): value for name, value in given.items() if value is not None}


def _to_camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


#: hands the body of the request to the function as `person`
new_person_options = hand_over("person", _NEW_OPTIONS, _collect_new)
