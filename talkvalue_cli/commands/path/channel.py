"""`talkvalue path channel`: the lists of people that imports go to."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from talkvalue_cli.api import people, sources
from talkvalue_cli.api.people import Filters
from talkvalue_cli.api.sources import CHANNELS
from talkvalue_cli.commands.base import Group
from talkvalue_cli.commands.options import confirm, describe, export, groups
from talkvalue_cli.commands.options.names import CHANNEL
from talkvalue_cli.commands.options.paging import Paging, paging_options, print_list
from talkvalue_cli.commands.options.people import new_person_options, people_filters
from talkvalue_cli.commands.tables.people import CHANNEL_PEOPLE_COLUMNS, PERSON_LAYOUT
from talkvalue_cli.context import AppContext
from talkvalue_cli.output.columns import Column, join_names, make_layout

COLUMNS = (
    Column("ID", "id"),
    Column("Name", "name", can_shrink=True),
    Column("Icon", "icon"),
    Column("Color", "color"),
    Column("People", "peopleCount", is_right=True),
    Column("Tags", "tags", format=join_names, can_shrink=True),
    Column("Created At", "createdAt", is_time=True, can_go=3),
)
LAYOUT = make_layout(COLUMNS)
LOOKS = (
    groups.option("--icon", "Icon, such as an emoji.", metavar="ICON"),
    groups.option("--color", "Colour, such as #FFD700.", metavar="COLOR"),
)


@click.group("channel", cls=Group)
def group() -> None:
    """Work with channels, the lists of people that imports go to.

    Example:
      talkvalue path channel list
    """


@group.command("list")
def list_command(context: AppContext) -> None:
    """List all channels.

    Example:
      talkvalue path channel list --json
    """
    empty = "There are no channels here."
    context.output.rows(sources.list_sources(context.client, CHANNELS), COLUMNS, empty=empty)


@group.command("get")
@click.argument("channel_id", metavar="NAME-OR-ID", type=CHANNEL)
def get_command(context: AppContext, channel_id: int) -> None:
    """Show one channel.

    Example:
      talkvalue path channel get 1
    """
    context.output.record(sources.get_source(context.client, CHANNELS, channel_id), LAYOUT)


@group.command("create")
@groups.new_fields(groups.new_name_option("channel"), *LOOKS)
def create_command(context: AppContext, fields: dict[str, Any]) -> None:
    """Make a channel.

    Example:
      talkvalue path channel create "Spring fair" --color "#FFD700"
    """
    with confirm.telling_uncertainty(context, "path", "channel", "list"):
        created = sources.create_source(context.client, CHANNELS, fields)
    context.output.record(created, LAYOUT)


@group.command("update")
@click.argument("channel_id", metavar="NAME-OR-ID", type=CHANNEL)
@groups.changed_fields(
    groups.name_option("channel"), *LOOKS, clearable={"icon": "icon", "color": "color"}
)
def update_command(context: AppContext, channel_id: int, changes: dict[str, Any]) -> None:
    """Change a channel; what is not named stays as it is.

    Examples:
      talkvalue path channel update 4 --name "Key customers"
      talkvalue path channel update 4 --color "#228B22" --clear icon
    """
    # the server replaces the whole channel
    fields = sources.complete_changes(context.client, CHANNELS, channel_id, changes)
    with confirm.telling_uncertainty(context, "path", "channel", "get", str(channel_id)):
        updated = sources.replace_source(context.client, CHANNELS, channel_id, fields)
    context.output.record(updated, LAYOUT)


@group.command("delete")
@click.argument("channel_id", metavar="NAME-OR-ID", type=CHANNEL)
@confirm.confirm_option
def delete_command(context: AppContext, channel_id: int, is_confirmed: bool) -> None:
    """Delete a channel and its memberships; the people stay.

    Example:
      talkvalue path channel delete 3 --yes
    """

    def question() -> str:
        thing = describe.describe_source(context.client, CHANNELS, channel_id)
        return f"Delete {thing} and its memberships for good?"

    confirm.require(context, is_confirmed, "delete requires --confirm", question)
    with confirm.telling_uncertainty(context, "path", "channel", "get", str(channel_id)):
        sources.delete_source(context.client, CHANNELS, channel_id)
    context.output.record({"deleted": True, "id": channel_id})


@group.command("people")
@click.argument("channel_id", metavar="NAME-OR-ID", type=CHANNEL)
@people_filters(without="channel_id")
@paging_options
def people_command(context: AppContext, channel_id: int, filters: Filters, paging: Paging) -> None:
    """List the people of a channel.

    Examples:
      talkvalue path channel people 1 --sort joinedAt:desc --page-size 5
      talkvalue path channel people 1 --job-title founder --all --format csv
    """
    load = partial(people.list_people, context.client, f"/channel/{channel_id}", filters)
    empty = "There are no such people in this channel."
    print_list(context, load, paging, CHANNEL_PEOPLE_COLUMNS, empty=empty)


@group.command("add-person")
@click.argument("channel_id", metavar="NAME-OR-ID", type=CHANNEL)
@new_person_options
def add_person_command(context: AppContext, channel_id: int, person: dict[str, Any]) -> None:
    """Add a person to a channel, as a new one if need be.

    Example:
      talkvalue path channel add-person 2 --email zoe@example.com --first-name Zoe
    """
    look = ("path", "channel", "people", str(channel_id), "--keyword", person["email"])
    with confirm.telling_uncertainty(context, *look):
        added = people.add_person(context.client, f"/channel/{channel_id}", person)
    context.output.record(added, PERSON_LAYOUT)


@group.command("export")
@click.argument("channel_id", metavar="NAME-OR-ID", type=CHANNEL)
@export.export_options
def export_command(context: AppContext, channel_id: int, target: export.Target) -> None:
    """Fetch all people of a channel as CSV.

    Examples:
      talkvalue path channel export 1 > newsletter.csv
      talkvalue path channel export 1 -o newsletter.csv --force
    """
    export.export(context, target, people.export_people, f"/channel/{channel_id}")
