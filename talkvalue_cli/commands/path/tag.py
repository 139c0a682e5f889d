"""`talkvalue path tag`: words that channels and events are marked with."""

from __future__ import annotations

from typing import Any

import click

from talkvalue_cli.api import tags
from talkvalue_cli.commands.base import Group
from talkvalue_cli.commands.options import confirm
from talkvalue_cli.commands.options.groups import new_fields, option, with_option
from talkvalue_cli.commands.options.types import ID, Text
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import UsageError
from talkvalue_cli.output.columns import Column

COLUMNS = (Column("ID", "id"), Column("Name", "name", can_shrink=True))
LIST = ("path", "tag", "list")
#: tags are listed with what they are attached to, which is one or the other
CHANNELS, EVENTS = ("path", "channel", "list"), ("path", "event", "list")


@click.group("tag", cls=Group)
def group() -> None:
    """Work with tags, which channels and events are marked with.

    Example:
      talkvalue path tag list
    """


@group.command("list")
@with_option("--name", "Only tags with this in their name.")
def list_command(context: AppContext, name: str | None) -> None:
    """List tags.

    Example:
      talkvalue path tag list --name a
    """
    empty = "There are no such tags here."
    context.output.rows(tags.list_tags(context.client, name), COLUMNS, empty=empty)


@group.command("create")
@with_option("-n --name", "Name; no other tag has it.", required=True, type=Text())
def create_command(context: AppContext, name: str) -> None:
    """Make a tag.

    Example:
      talkvalue path tag create --name Volunteers
    """
    with confirm.telling_uncertainty(context, *LIST):
        created = tags.create_tag(context.client, name=name)
    context.output.record(created)


@group.command("update")
@click.argument("tag_id", metavar="ID", type=ID)
@with_option("-n --name", "Name; no other tag has it.", required=True, type=Text())
def update_command(context: AppContext, tag_id: int, name: str) -> None:
    """Rename a tag, wherever it is attached.

    Example:
      talkvalue path tag update 2 --name "Past sponsors"
    """
    with confirm.telling_uncertainty(context, *LIST):
        renamed = tags.rename_tag(context.client, tag_id, name=name)
    context.output.record(renamed)


@group.command("delete")
@click.argument("tag_id", metavar="ID", type=ID)
@confirm.confirm_option
def delete_command(context: AppContext, tag_id: int, is_confirmed: bool) -> None:
    """Delete a tag, and take it off everything.

    Example:
      talkvalue path tag delete 3 --confirm
    """
    question = f"Delete tag {tag_id} for good, and take it off everything?"
    confirm.require(context, is_confirmed, "delete requires --confirm", question)
    with confirm.telling_uncertainty(context, *LIST):
        tags.delete_tag(context.client, tag_id)
    context.output.record({"deleted": True, "id": tag_id})


@group.command("attach")
@click.argument("source_id", metavar="SOURCE_ID", type=ID)
@new_fields(
    option("--tag-id", "A tag by its id.", type=ID),
    option("--name", "A tag by its name; one that is unknown is made.", type=Text()),
)
def attach_command(context: AppContext, source_id: int, fields: dict[str, Any]) -> None:
    """Mark a channel or an event with a tag.

    Examples:
      talkvalue path tag attach 1 --name Partners
      talkvalue path tag attach 1001 --tag-id 1
    """
    if not fields:
        raise UsageError("attach requires --tag-id or --name")
    with confirm.telling_uncertainty(context, *CHANNELS, or_look=EVENTS):
        attached = tags.attach_tag(context.client, source_id, fields)
    context.output.record(attached)


@group.command("detach")
@click.argument("source_id", metavar="SOURCE_ID", type=ID)
@with_option("--tag-id", "The tag to take off.", type=ID, required=True)
def detach_command(context: AppContext, source_id: int, tag_id: int) -> None:
    """Take a tag off a channel or an event; does not ask.

    Example:
      talkvalue path tag attach 2 --tag-id 1
      talkvalue path tag detach 2 --tag-id 1
    """
    with confirm.telling_uncertainty(context, *CHANNELS, or_look=EVENTS):
        tags.detach_tag(context.client, source_id, tag_id)
    context.output.record({"detached": True, "sourceId": source_id, "tagId": tag_id})
