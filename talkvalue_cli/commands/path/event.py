"""`talkvalue path event`: events, and the people who came or will come."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import click

from talkvalue_cli.api import people, sources
from talkvalue_cli.api.people import Filters
from talkvalue_cli.api.sources import EVENTS
from talkvalue_cli.commands.base import Group
from talkvalue_cli.commands.options import confirm, describe, export, groups
from talkvalue_cli.commands.options.names import EVENT
from talkvalue_cli.commands.options.paging import Paging, paging_options
from talkvalue_cli.commands.options.people import new_person_options, people_filters
from talkvalue_cli.commands.options.types import Moment, TimeZone
from talkvalue_cli.commands.tables.people import PERSON_LAYOUT, print_people
from talkvalue_cli.context import AppContext
from talkvalue_cli.output.columns import Column, join_names, make_layout

COLUMNS = (
    Column("ID", "id"),
    Column("Name", "name", can_shrink=True),
    Column("Time Zone", "timeZone", can_go=2),
    Column("Start At", "startAt", is_time=True),
    Column("Location", "location", can_shrink=True),
    Column("People", "peopleCount", is_right=True),
    Column("Tags", "tags", format=join_names, can_shrink=True),
    Column("Created At", "createdAt", is_time=True, can_go=3),
)
LAYOUT = make_layout((*COLUMNS[:4], Column("End At", "endAt", is_time=True), *COLUMNS[4:]))


def _fields(*, is_new: bool) -> Sequence[click.Option]:
    """Return the options of an event's fields; a new one needs a name, a start and a zone."""
    return (
        groups.new_name_option("event") if is_new else groups.name_option("event"),
        groups.option(
            "--start-at",
            "Start, in ISO 8601, with or without an offset.",
            required=is_new,
            type=Moment(),
        ),
        groups.option(
            # both spellings are in use, as the existing CLI has one here and one there
            "--time-zone --timezone time_zone",
            "IANA name, such as Europe/Berlin.",
            required=is_new,
            type=TimeZone(),
        ),
        groups.option("--end-at", "End, in ISO 8601.", type=Moment()),
        groups.option("--location", "Where it is."),
    )


@click.group("event", cls=Group)
def group() -> None:
    """Work with events and their people.

    Example:
      talkvalue path event list
    """


@group.command("list")
def list_command(context: AppContext) -> None:
    """List all events.

    Example:
      talkvalue path event list --json
    """
    empty = "There are no events here."
    context.output.rows(sources.list_sources(context.client, EVENTS), COLUMNS, empty=empty)


@group.command("get")
@click.argument("event_id", metavar="NAME-OR-ID", type=EVENT)
def get_command(context: AppContext, event_id: int) -> None:
    """Show one event.

    Example:
      talkvalue path event get 1001
    """
    context.output.record(sources.get_source(context.client, EVENTS, event_id), LAYOUT)


@group.command("create")
@groups.new_fields(*_fields(is_new=True))
def create_command(context: AppContext, fields: dict[str, Any]) -> None:
    """Make an event.

    Example:
      talkvalue path event create "Spring fair" --start-at 2027-03-01T18:30:00 \\
          --time-zone Europe/Berlin --location Leipzig
    """
    with confirm.telling_uncertainty(context, "path", "event", "list"):
        created = sources.create_source(context.client, EVENTS, fields)
    context.output.record(created, LAYOUT)


@group.command("update")
@click.argument("event_id", metavar="NAME-OR-ID", type=EVENT)
@groups.changed_fields(
    *_fields(is_new=False), clearable={"end-at": "endAt", "location": "location"}
)
def update_command(context: AppContext, event_id: int, changes: dict[str, Any]) -> None:
    """Change an event; what is not named stays as it is.

    Examples:
      talkvalue path event update 1002 --location "Town hall"
      talkvalue path event update 1002 --start-at 2027-03-02T18:30:00 --clear end-at
    """
    # the server replaces the whole event
    fields = sources.complete_changes(context.client, EVENTS, event_id, changes)
    with confirm.telling_uncertainty(context, "path", "event", "get", str(event_id)):
        updated = sources.replace_source(context.client, EVENTS, event_id, fields)
    context.output.record(updated, LAYOUT)


@group.command("delete")
@click.argument("event_id", metavar="NAME-OR-ID", type=EVENT)
@confirm.confirm_option
def delete_command(context: AppContext, event_id: int, is_confirmed: bool) -> None:
    """Delete an event and the list of who was there; the people stay.

    Example:
      talkvalue path event delete 1012 --confirm
    """

    def question() -> str:
        thing = describe.describe_source(context.client, EVENTS, event_id)
        return f"Delete {thing} and its attendance for good?"

    confirm.require(context, is_confirmed, "delete requires --confirm", question)
    with confirm.telling_uncertainty(context, "path", "event", "get", str(event_id)):
        sources.delete_source(context.client, EVENTS, event_id)
    context.output.record({"deleted": True, "id": event_id})


@group.group("person")
def person_group() -> None:
    """Work with the people of an event.

    Example:
      talkvalue path event person list 1001
    """


@person_group.command("list")
@click.argument("event_id", metavar="NAME-OR-ID", type=EVENT)
@people_filters(without="event_id")
@paging_options
def list_people_command(
    context: AppContext, event_id: int, filters: Filters, paging: Paging
) -> None:
    """List the people of an event.

    Example:
      talkvalue path event person list 1001 --channel-id 1 --page-size 5
    """
    load = partial(people.list_people, context.client, f"/event/{event_id}", filters)
    print_people(context, load, paging, empty="There are no such people at this event.")


@person_group.command("add")
@click.argument("event_id", metavar="NAME-OR-ID", type=EVENT)
@new_person_options
def add_person_command(context: AppContext, event_id: int, person: dict[str, Any]) -> None:
    """Add a person to an event, as a new one if need be.

    Who has the e-mail address already gets the fields that are given.

    Example:
      talkvalue path event person add 1001 --email yann@example.com --company-name Example
    """
    look = ("path", "event", "person", "list", str(event_id), "--keyword", person["email"])
    with confirm.telling_uncertainty(context, *look):
        added = people.add_person(context.client, f"/event/{event_id}", person)
    context.output.record(added, PERSON_LAYOUT)


@person_group.command("export")
@click.argument("event_id", metavar="NAME-OR-ID", type=EVENT)
@export.export_options
def export_people_command(context: AppContext, event_id: int, target: export.Target) -> None:
    """Fetch all people of an event as CSV.

    Example:
      talkvalue path event person export 1001 -o guests.csv
    """
    export.export(context, target, people.export_people, f"/event/{event_id}")
