"""`talkvalue path event`: events, and the people who came or will come."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from talkvalue_cli.api import events
from talkvalue_cli.commands.base import Group, pass_context
from talkvalue_cli.commands.options import confirm, export
from talkvalue_cli.commands.options.changes import clear_option, collect_changes
from talkvalue_cli.commands.options.confirm import confirm_option
from talkvalue_cli.commands.options.event import CLEARABLE, COLUMNS, LAYOUT, event_fields
from talkvalue_cli.commands.options.export import export_options
from talkvalue_cli.commands.options.paging import Paging, paging_options, print_list
from talkvalue_cli.commands.options.people import new_person_options, people_filters
from talkvalue_cli.commands.options.types import ID
from talkvalue_cli.commands.tables.people import PEOPLE_COLUMNS, PERSON_LAYOUT, with_company_name
from talkvalue_cli.commands.writing import telling_uncertainty
from talkvalue_cli.context import AppContext

if TYPE_CHECKING:
    from talkvalue_cli.api.people import Filters
    from talkvalue_cli.api.people_shapes import NewPerson


@click.group("event", cls=Group)
def group() -> None:
    """Work with events and their people.

    \b
    Example:
      talkvalue path event list
    """


@group.command("list")
@pass_context
def list_command(context: AppContext) -> None:
    """List all events.

    \b
    Example:
      talkvalue path event list --json
    """
    context.output.rows(
        events.list_events(context.client), COLUMNS, empty="There are no events here."
    )


@group.command("get")
@click.argument("event_id", metavar="ID", type=ID)
@pass_context
def get_command(context: AppContext, event_id: int) -> None:
    """Show one event.

    \b
    Example:
      talkvalue path event get 1001
    """
    context.output.record(events.get_event(context.client, event_id), LAYOUT)


@group.command("create")
@event_fields(is_new=True)
@pass_context
def create_command(
    context: AppContext,
    name: str,
    start_at: str,
    time_zone: str,
    end_at: str | None,
    location: str | None,
) -> None:
    """Make an event.

    \b
    Example:
      talkvalue path event create --name "Spring fair" --start-at 2027-03-01T18:30:00 \\
          --time-zone Europe/Berlin --location Leipzig
    """
    with telling_uncertainty(context, "path", "event", "list"):
        created = events.create_event(
            context.client,
            name=name,
            time_zone=time_zone,
            start_at=start_at,
            end_at=end_at,
            location=location,
        )
    context.output.record(created, LAYOUT)


@group.command("update")
@click.argument("event_id", metavar="ID", type=ID)
@event_fields(is_new=False)
@clear_option(CLEARABLE)
@pass_context
def update_command(
    context: AppContext,
    event_id: int,
    name: str | None,
    start_at: str | None,
    time_zone: str | None,
    end_at: str | None,
    location: str | None,
    cleared: Sequence[str],
) -> None:
    """Change an event; what is not named stays as it is.

    \b
    Examples:
      talkvalue path event update 1002 --location "Town hall"
      talkvalue path event update 1002 --start-at 2027-03-02T18:30:00 --clear end-at
    """
    given = {
        "name": name,
        "startAt": start_at,
        "timeZone": time_zone,
        "endAt": end_at,
        "location": location,
    }
    changes = collect_changes(given, cleared, CLEARABLE)
    # the server replaces the whole event
    current = events.get_event(context.client, event_id)
    with telling_uncertainty(context, "path", "event", "get", str(event_id)):
        updated = events.replace_event(
            context.client,
            event_id,
            name=changes.get("name", current["name"]),
            time_zone=changes.get("timeZone", current["timeZone"]),
            start_at=changes.get("startAt", current["startAt"]),
            end_at=changes.get("endAt", current.get("endAt")),
            location=changes.get("location", current.get("location")),
        )
    context.output.record(updated, LAYOUT)


@group.command("delete")
@click.argument("event_id", metavar="ID", type=ID)
@confirm_option
@pass_context
def delete_command(context: AppContext, event_id: int, is_confirmed: bool) -> None:
    """Delete an event and the list of who was there; the people stay.

    \b
    Example:
      talkvalue path event delete 1012 --confirm
    """
    confirm.require(
        context,
        is_confirmed,
        missing="delete requires --confirm",
        question=f"Delete event {event_id} and its attendance for good?",
    )
    with telling_uncertainty(context, "path", "event", "get", str(event_id)):
        events.delete_event(context.client, event_id)
    context.output.record({"deleted": True, "id": event_id})


@group.group("person")
def person_group() -> None:
    """Work with the people of an event.

    \b
    Example:
      talkvalue path event person list 1001
    """


@person_group.command("list")
@click.argument("event_id", metavar="ID", type=ID)
@people_filters(without="event_ids")
@paging_options
@pass_context
def list_people_command(
    context: AppContext, event_id: int, filters: Filters, paging: Paging
) -> None:
    """List the people of an event.

    \b
    Example:
      talkvalue path event person list 1001 --channel-id 1 --page-size 5
    """
    print_list(
        context,
        partial(events.list_event_people, context.client, event_id, filters),
        paging,
        PEOPLE_COLUMNS,
        adapt=with_company_name,
        empty="There are no such people at this event.",
    )


@person_group.command("add")
@click.argument("event_id", metavar="ID", type=ID)
@new_person_options
@pass_context
def add_person_command(context: AppContext, event_id: int, person: NewPerson) -> None:
    """Add a person to an event, as a new one if need be.

    \b
    Example:
      talkvalue path event person add 1001 --email yann@example.com --company-name Example
    """
    look = ("path", "event", "person", "list", str(event_id), "--keyword", person["email"])
    with telling_uncertainty(context, *look):
        added = events.add_event_person(context.client, event_id, person)
    context.output.record(added, PERSON_LAYOUT)


@person_group.command("export")
@click.argument("event_id", metavar="ID", type=ID)
@export_options
@pass_context
def export_people_command(context: AppContext, event_id: int, target: export.Target) -> None:
    """Fetch all people of an event as CSV.

    \b
    Example:
      talkvalue path event person export 1001 -o guests.csv
    """
    export.export(context, target, lambda client: events.export_event_people(client, event_id))
