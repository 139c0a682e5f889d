"""`talkvalue path person`: everybody, whatever channel or event they belong to."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from talkvalue_cli.api import people
from talkvalue_cli.api.pages import LARGEST_PAGE
from talkvalue_cli.commands.base import Group, pass_context
from talkvalue_cli.commands.options import confirm, export
from talkvalue_cli.commands.options.confirm import confirm_option
from talkvalue_cli.commands.options.export import export_options
from talkvalue_cli.commands.options.paging import (
    Cursor,
    Paging,
    cursor_options,
    paging_options,
    print_list,
)
from talkvalue_cli.commands.options.people import people_filters
from talkvalue_cli.commands.options.person_changes import person_changes
from talkvalue_cli.commands.options.types import ID
from talkvalue_cli.commands.tables.people import (
    ACTIVITY_COLUMNS,
    PEOPLE_COLUMNS,
    PERSON_LAYOUT,
    with_actor_name,
    with_company_name,
)
from talkvalue_cli.commands.writing import telling_uncertainty
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import UsageError

if TYPE_CHECKING:
    from talkvalue_cli.api.people import Filters
    from talkvalue_cli.api.people_shapes import PersonChanges


@click.group("person", cls=Group)
def group() -> None:
    """Work with people, whatever channel or event they belong to.

    \b
    Example:
      talkvalue path person list --keyword ada
    """


@group.command("list")
@people_filters()
@paging_options
@pass_context
def list_command(context: AppContext, filters: Filters, paging: Paging) -> None:
    """List people.

    \b
    Examples:
      talkvalue path person list --keyword ada --sort createdAt:desc --page-size 5
      talkvalue path person list --channel-id 1 --channel-id 2 --all --format csv
    """
    print_list(
        context,
        partial(people.list_people, context.client, filters),
        paging,
        PEOPLE_COLUMNS,
        adapt=with_company_name,
        empty="There are no such people here.",
    )


@group.command("get")
@click.argument("person_id", metavar="ID", type=ID)
@pass_context
def get_command(context: AppContext, person_id: int) -> None:
    """Show one person.

    \b
    Example:
      talkvalue path person get 1
    """
    context.output.record(people.get_person(context.client, person_id), PERSON_LAYOUT)


@group.command("update")
@click.argument("person_id", metavar="ID", type=ID)
@person_changes
@pass_context
def update_command(context: AppContext, person_id: int, changes: PersonChanges) -> None:
    """Change a person; what is not named stays as it is.

    \b
    Examples:
      talkvalue path person update 2 --job-title Analyst --phone "+49 341 1234"
      talkvalue path person update 2 --clear job-title --clear phone
    """
    with telling_uncertainty(context, "path", "person", "get", str(person_id)):
        updated = people.update_person(context.client, person_id, changes)
    context.output.record(updated, PERSON_LAYOUT)


@group.command("delete")
@click.argument("person_id", metavar="ID", type=ID)
@confirm_option
@pass_context
def delete_command(context: AppContext, person_id: int, is_confirmed: bool) -> None:
    """Delete a person.

    \b
    Example:
      talkvalue path person delete 3 --confirm
    """
    confirm.require(
        context,
        is_confirmed,
        missing="delete requires --confirm",
        question=f"Delete person {person_id} for good?",
    )
    with telling_uncertainty(context, "path", "person", "get", str(person_id)):
        people.delete_person(context.client, person_id)
    context.output.record({"deleted": True, "id": person_id})


@group.command("merge")
@click.argument("source_id", metavar="SOURCE_ID", type=ID)
@click.argument("target_id", metavar="TARGET_ID", type=ID)
@confirm_option
@pass_context
def merge_command(context: AppContext, source_id: int, target_id: int, is_confirmed: bool) -> None:
    """Merge a person into another one, who stays.

    The answer shows the target; the ids for `merge-undo` are with it.

    \b
    Example:
      talkvalue path person merge 4 5 --confirm
    """
    if source_id == target_id:
        raise UsageError(f"person {source_id} cannot be merged into itself")
    confirm.require(
        context,
        is_confirmed,
        missing="merge requires --confirm",
        question=f"Merge person {source_id} into person {target_id}, who stays?",
    )
    with telling_uncertainty(context, "path", "person", "get", str(target_id)):
        merged = people.merge_people(context.client, source_id, target_id)
    context.output.record(merged, PERSON_LAYOUT)


@group.command("merge-undo")
@click.argument("merge_operation_id", metavar="MERGE_ID", type=ID)
@confirm_option
@pass_context
def undo_merge_command(context: AppContext, merge_operation_id: int, is_confirmed: bool) -> None:
    """Take a merge back: the person who was merged is there again.

    `person get` of the target shows the ids of its merges.

    \b
    Example:
      talkvalue path person merge-undo 1 --confirm
    """
    confirm.require(
        context,
        is_confirmed,
        missing="Pass --confirm to undo this merge",
        question=f"Take back merge {merge_operation_id}, and restore the person?",
    )
    # the answer does not say who was merged: the newest people and changes are in the list
    look = ("path", "person", "list", "--sort", "createdAt:desc")
    with telling_uncertainty(context, *look):
        people.undo_merge(context.client, merge_operation_id)
    context.output.record({"undone": True, "mergeOperationId": merge_operation_id})


@group.command("activity")
@click.argument("person_id", metavar="ID", type=ID)
@cursor_options
@pass_context
def activity_command(context: AppContext, person_id: int, part: Cursor) -> None:
    """Show what happened to a person.

    \b
    Examples:
      talkvalue path person activity 1 --page-size 5
      talkvalue path person activity 1 --all --format csv
    """
    empty = "Nothing happened to this person."
    if part.is_all:
        page_size = part.page_size or LARGEST_PAGE
        walked = people.walk_activity(
            context.client, person_id, cursor=part.cursor, page_size=page_size
        )
        context.output.pages(
            ([with_actor_name(entry) for entry in entries] for entries in walked),
            ACTIVITY_COLUMNS,
            empty=empty,
        )
        return
    found = people.list_activity(
        context.client, person_id, cursor=part.cursor, page_size=part.page_size
    )
    context.output.rows(
        [with_actor_name(entry) for entry in found.entries],
        ACTIVITY_COLUMNS,
        beside={"pagination": {"nextCursor": found.next_cursor, "hasNext": found.has_next}},
        empty=empty,
    )
    if found.has_next:
        # in every format, and not for people alone: scripts of the existing CLI read it here
        context.output.note(f"Next page: --cursor {found.next_cursor}")


@group.command("export")
@export_options
@pass_context
def export_command(context: AppContext, target: export.Target) -> None:
    """Fetch all people as CSV.

    \b
    Examples:
      talkvalue path person export > people.csv
      talkvalue path person export -o people.csv --force
    """
    export.export(context, target, people.export_people)
