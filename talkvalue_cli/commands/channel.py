"""`talkvalue path channel`: the lists of people that imports go to."""

from __future__ import annotations

import click

from talkvalue_cli.api import channels
from talkvalue_cli.commands.base import Group, pass_runtime
from talkvalue_cli.commands.options import ID, Text
from talkvalue_cli.output.columns import Column, names
from talkvalue_cli.runtime import Runtime

COLUMNS = (
    Column("ID", "id"),
    Column("Name", "name", can_shrink=True),
    Column("Icon", "icon"),
    Column("Color", "color"),
    Column("People", "peopleCount", is_right=True),
    Column("Tags", "tags", format=names, can_shrink=True),
    Column("Created At", "createdAt"),
)


@click.group("channel", cls=Group)
def channel_group() -> None:
    """Find or make the channel that an import goes to.

    \b
    Example:
      talkvalue path channel list
    """


@channel_group.command("list")
@pass_runtime
def list_command(runtime: Runtime) -> None:
    """List all channels.

    \b
    Example:
      talkvalue path channel list --json
    """
    runtime.output.rows(
        channels.list_channels(runtime.client), COLUMNS, empty="There are no channels here."
    )


@channel_group.command("get")
@click.argument("channel_id", metavar="ID", type=ID)
@pass_runtime
def get_command(runtime: Runtime, channel_id: int) -> None:
    """Show one channel.

    \b
    Example:
      talkvalue path channel get 7
    """
    runtime.output.record(channels.get_channel(runtime.client, channel_id))


@channel_group.command("create")
@click.option("-n", "--name", required=True, type=Text(), help="Name; no other channel has it.")
@click.option("--icon", metavar="ICON", help="Icon, such as an emoji.")
@click.option("--color", metavar="COLOR", help="Colour, such as #FFD700.")
@pass_runtime
def create_command(runtime: Runtime, name: str, icon: str | None, color: str | None) -> None:
    """Make a channel.

    \b
    Example:
      talkvalue path channel create --name "Spring fair" --color "#FFD700"
    """
    runtime.output.record(
        channels.create_channel(runtime.client, name=name, icon=icon, color=color)
    )
