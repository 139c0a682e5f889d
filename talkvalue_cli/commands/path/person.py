"""`talkvalue path person`: everybody, whatever channel or event they belong to."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from talkvalue_cli.api import people
from talkvalue_cli.api.pages import LARGEST_PAGE
from talkvalue_cli.api.people import Filters
from talkvalue_cli.commands.base import Group
from talkvalue_cli.commands.options import confirm, describe, export
from talkvalue_cli.commands.options.groups import with_option
from talkvalue_cli.commands.options.names import CHANNEL, COMPANY, EVENT, PERSON
from talkvalue_cli.commands.options.paging import Paging, cursor_options, paging_options
from talkvalue_cli.commands.options.people import people_filters, person_changes
from talkvalue_cli.commands.options.types import ID
from talkvalue_cli.commands.tables import people as tables
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import UsageError


@click.group("person", cls=Group)
def group() -> None:
    """Work with people, whatever channel or event they belong to.

    Example:
      talkvalue path person list --keyword ada
    """


@group.command("list")
@people_filters()
@paging_options
def list_command(context: AppContext, filters: Filters, paging: Paging) -> None:
    """List people.

    Examples:
      talkvalue path person list --keyword ada --sort createdAt:desc --page-size 5
      talkvalue path person list --channel-id 1 --channel-id 2 --all --format csv
    """
    load = partial(people.list_people, context.client, people.EVERYBODY, filters)
    tables.print_people(context, load, paging, empty="There are no such people here.")


@group.command("get")
@click.argument("person_id", metavar="EMAIL-OR-ID", type=PERSON)
def get_command(context: AppContext, person_id: int) -> None:
    """Show one person.

    Examples:
      talkvalue path person get 1
      talkvalue path person get ada.abbott@example.com
    """
    context.output.record(people.get_person(context.client, person_id), tables.PERSON_LAYOUT)


@group.command("update")
@click.argument("person_id", metavar="EMAIL-OR-ID", type=PERSON)
@person_changes
def update_command(context: AppContext, person_id: int, changes: dict[str, Any]) -> None:
    """Change a person; what is not named stays as it is.

    Examples:
      talkvalue path person update 2 --job-title Analyst --phone "+49 341 1234"
      talkvalue path person update 2 --clear job-title --clear phone
    """
    with confirm.telling_uncertainty(context, "path", "person", "get", str(person_id)):
        updated = people.update_person(context.client, person_id, changes)
    context.output.record(updated, tables.PERSON_LAYOUT)


@group.command("delete")
@click.argument("person_id", metavar="EMAIL-OR-ID", type=PERSON)
@confirm.confirm_option
def delete_command(context: AppContext, person_id: int, is_confirmed: bool) -> None:
    """Delete a person.

    Example:
      talkvalue path person delete 3 --confirm
    """

    def question() -> str:
        return f"Delete {describe.describe_person(context.client, person_id)} for good?"

    confirm.require(context, is_confirmed, "delete requires --confirm", question)
    with confirm.telling_uncertainty(context, "path", "person", "get", str(person_id)):
        people.delete_person(context.client, person_id)
    context.output.record({"deleted": True, "id": person_id})


@group.command("merge")
@click.argument("source_id", metavar="SOURCE", type=PERSON)
@click.argument("target_id", metavar="TARGET", type=PERSON)
@confirm.confirm_option
def merge_command(context: AppContext, source_id: int, target_id: int, is_confirmed: bool) -> None:
    """Merge a person into another one, who is kept.

    The answer shows the target; the ids for `merge-undo` are with it.

    Example:
      talkvalue path person merge 4 5 --confirm
    """
    if source_id == target_id:
        raise UsageError(f"person {source_id} cannot be merged into itself")

    def question() -> str:
        merged, kept = (
            describe.describe_person(context.client, each) for each in (source_id, target_id)
        )
        return f"Merge {merged} into {kept}, who is kept?"

    confirm.require(context, is_confirmed, "merge requires --confirm", question)
    with confirm.telling_uncertainty(context, "path", "person", "get", str(target_id)):
        merged = people.merge_people(context.client, source_id, target_id)
    context.output.record(merged, tables.PERSON_LAYOUT)


@group.command("merge-undo")
@click.argument("merge_operation_id", metavar="MERGE_ID", type=ID)
@confirm.confirm_option
def undo_merge_command(context: AppContext, merge_operation_id: int, is_confirmed: bool) -> None:
    """Undo a merge: the person who was merged is there again.

    `person get` of the target shows the ids of its merges.

    Example:
      talkvalue path person merge-undo 1 --confirm
    """

    def question() -> str:
        return f"Undo merge {merge_operation_id}, and restore the person?"

    confirm.require(context, is_confirmed, "Pass --confirm to undo this merge", question)
    # the answer does not say who was merged: the newest people and changes are in the list
    look = ("path", "person", "list", "--sort", "createdAt:desc")
    with confirm.telling_uncertainty(context, *look):
        people.undo_merge(context.client, merge_operation_id)
    context.output.record({"undone": True, "mergeOperationId": merge_operation_id})


@group.command("activity")
@click.argument("person_id", metavar="EMAIL-OR-ID", type=PERSON)
@cursor_options
def activity_command(context: AppContext, person_id: int, paging: Paging) -> None:
    """Show what happened to a person.

    Examples:
      talkvalue path person activity 1 --page-size 5
      talkvalue path person activity 1 --all --format csv
    """
    empty = "Nothing happened to this person."
    client, start, size = context.client, paging.cursor, paging.page_size
    if paging.is_all:
        walked = people.walk_activity(
            client, person_id, cursor=start, page_size=size or LARGEST_PAGE
        )
        named = (list(map(tables.with_actor_name, entries)) for entries in walked)
        context.output.pages(named, tables.ACTIVITY_COLUMNS, empty=empty)
        return
    found = people.list_activity(client, person_id, cursor=start, page_size=size)
    context.output.rows(
        list(map(tables.with_actor_name, found.entries)),
        tables.ACTIVITY_COLUMNS,
        beside={"pagination": {"nextCursor": found.next_cursor, "hasNext": found.has_next}},
        empty=empty,
    )
    if found.has_next:
        # in every format, and not for people alone: scripts of the existing CLI read it here
        context.output.note(f"Next page: --cursor {found.next_cursor}")


@group.command("export")
@export.export_options
@with_option("--channel-id --channel", "Only the people of this channel.", type=CHANNEL)
@with_option("--event-id --event", "Only the people of this event.", type=EVENT)
@with_option("--company-id --company", "Only the people of this company.", type=COMPANY)
def export_command(
    context: AppContext,
    target: export.Target,
    channel_id: int | None,
    event_id: int | None,
    company_id: int | None,
) -> None:
    """Fetch all people as CSV.

    Or those of one channel, event or company.

    Examples:
      talkvalue path person export > people.csv
      talkvalue path person export -o people.csv --force
      talkvalue path person export --channel Newsletter -o newsletter.csv --force
    """
    given = {"channel": channel_id, "event": event_id, "company": company_id}
    wanted = [f"/{kind}/{number}" for kind, number in given.items() if number is not None]
    if len(wanted) > 1:
        raise UsageError("--channel, --event and --company exclude each other")
    export.export(context, target, people.export_people, *wanted)
