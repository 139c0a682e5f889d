"""`talkvalue path channel`: the lists of people that imports go to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from talkvalue_cli.api import channels
from talkvalue_cli.commands.base import Group, pass_context
from talkvalue_cli.commands.options import confirm, export
from talkvalue_cli.commands.options.changes import clear_option, collect_changes
from talkvalue_cli.commands.options.confirm import confirm_option
from talkvalue_cli.commands.options.export import export_options
from talkvalue_cli.commands.options.paging import Paging, paging_options, print_list
from talkvalue_cli.commands.options.people import new_person_options, people_filters
from talkvalue_cli.commands.options.types import ID, Text
from talkvalue_cli.commands.tables.people import CHANNEL_PEOPLE_COLUMNS, PERSON_LAYOUT
from talkvalue_cli.commands.writing import telling_uncertainty
from talkvalue_cli.context import AppContext
from talkvalue_cli.output.columns import Column, join_names, make_layout
from talkvalue_cli.output.formats import format_day

if TYPE_CHECKING:
    from talkvalue_cli.api.people import Filters
    from talkvalue_cli.api.people_shapes import NewPerson

COLUMNS = (
    Column("ID", "id"),
    Column("Name", "name", can_shrink=True),
    Column("Icon", "icon"),
    Column("Color", "color"),
    Column("People", "peopleCount", is_right=True),
    Column("Tags", "tags", format=join_names, can_shrink=True),
    Column("Created At", "createdAt", short=format_day, can_go=True),
)
LAYOUT = make_layout(COLUMNS)
CLEARABLE = {"icon": "icon", "color": "color"}


@click.group("channel", cls=Group)
def group() -> None:
    """Work with channels, the lists of people that imports go to.

    \b
    Example:
      talkvalue path channel list
    """


@group.command("list")
@pass_context
def list_command(context: AppContext) -> None:
    """List all channels.

    \b
    Example:
      talkvalue path channel list --json
    """
    context.output.rows(
        channels.list_channels(context.client), COLUMNS, empty="There are no channels here."
    )


@group.command("get")
@click.argument("channel_id", metavar="ID", type=ID)
@pass_context
def get_command(context: AppContext, channel_id: int) -> None:
    """Show one channel.

    \b
    Example:
      talkvalue path channel get 1
    """
    context.output.record(channels.get_channel(context.client, channel_id), LAYOUT)


@group.command("create")
@click.option("-n", "--name", required=True, type=Text(), help="Name; no other channel has it.")
@click.option("--icon", metavar="ICON", help="Icon, such as an emoji.")
@click.option("--color", metavar="COLOR", help="Colour, such as #FFD700.")
@pass_context
def create_command(context: AppContext, name: str, icon: str | None, color: str | None) -> None:
    """Make a channel.

    \b
    Example:
      talkvalue path channel create --name "Spring fair" --color "#FFD700"
    """
    with telling_uncertainty(context, "path", "channel", "list"):
        created = channels.create_channel(context.client, name=name, icon=icon, color=color)
    context.output.record(created, LAYOUT)


@group.command("update")
@click.argument("channel_id", metavar="ID", type=ID)
@click.option("-n", "--name", type=Text(), help="Name; no other channel has it.")
@click.option("--icon", metavar="ICON", help="Icon, such as an emoji.")
@click.option("--color", metavar="COLOR", help="Colour, such as #FFD700.")
@clear_option(CLEARABLE)
@pass_context
def update_command(
    context: AppContext,
    channel_id: int,
    name: str | None,
    icon: str | None,
    color: str | None,
    cleared: Sequence[str],
) -> None:
    """Change a channel; what is not named stays as it is.

    \b
    Examples:
      talkvalue path channel update 4 --name "Key customers"
      talkvalue path channel update 4 --color "#228B22" --clear icon
    """
    given = {"name": name, "icon": icon, "color": color}
    changes = collect_changes(given, cleared, CLEARABLE)
    # the server replaces the whole channel
    current = channels.get_channel(context.client, channel_id)
    with telling_uncertainty(context, "path", "channel", "get", str(channel_id)):
        updated = channels.replace_channel(
            context.client,
            channel_id,
            name=changes.get("name", current["name"]),
            icon=changes.get("icon", current.get("icon")),
            color=changes.get("color", current.get("color")),
        )
    context.output.record(updated, LAYOUT)


@group.command("delete")
@click.argument("channel_id", metavar="ID", type=ID)
@confirm_option
@pass_context
def delete_command(context: AppContext, channel_id: int, is_confirmed: bool) -> None:
    """Delete a channel and its memberships; the people stay.

    \b
    Example:
      talkvalue path channel delete 3 --confirm
    """
    confirm.require(
        context,
        is_confirmed,
        missing="delete requires --confirm",
        question=f"Delete channel {channel_id} and its memberships for good?",
    )
    with telling_uncertainty(context, "path", "channel", "get", str(channel_id)):
        channels.delete_channel(context.client, channel_id)
    context.output.record({"deleted": True, "id": channel_id})


@group.command("people")
@click.argument("channel_id", metavar="ID", type=ID)
@people_filters(without="channel_ids")
@paging_options
@pass_context
def people_command(context: AppContext, channel_id: int, filters: Filters, paging: Paging) -> None:
    """List the people of a channel.

    \b
    Examples:
      talkvalue path channel people 1 --sort joinedAt:desc --page-size 5
      talkvalue path channel people 1 --job-title founder --all --format csv
    """
    print_list(
        context,
        partial(channels.list_channel_people, context.client, channel_id, filters),
        paging,
        CHANNEL_PEOPLE_COLUMNS,
        empty="There are no such people in this channel.",
    )


@group.command("add-person")
@click.argument("channel_id", metavar="ID", type=ID)
@new_person_options
@pass_context
def add_person_command(context: AppContext, channel_id: int, person: NewPerson) -> None:
    """Add a person to a channel, as a new one if need be.

    \b
    Example:
      talkvalue path channel add-person 2 --email zoe@example.com --first-name Zoe
    """
    look = ("path", "channel", "people", str(channel_id), "--keyword", person["email"])
    with telling_uncertainty(context, *look):
        added = channels.add_channel_person(context.client, channel_id, person)
    context.output.record(added, PERSON_LAYOUT)


@group.command("export")
@click.argument("channel_id", metavar="ID", type=ID)
@export_options
@pass_context
def export_command(context: AppContext, channel_id: int, target: export.Target) -> None:
    """Fetch all people of a channel as CSV.

    \b
    Examples:
      talkvalue path channel export 1 > newsletter.csv
      talkvalue path channel export 1 -o newsletter.csv --force
    """
    export.export(
        context, target, lambda client: channels.export_channel_people(client, channel_id)
    )
