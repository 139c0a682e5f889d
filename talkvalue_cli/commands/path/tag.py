"""`talkvalue path tag`: words that channels and events are marked with."""

from __future__ import annotations

from typing import Any

import click

from talkvalue_cli.api import tags
from talkvalue_cli.commands.base import Group
from talkvalue_cli.commands.options import confirm, describe, groups
from talkvalue_cli.commands.options.names import SOURCE, TAG
from talkvalue_cli.commands.options.types import Text
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
@groups.with_option("--name", "Only tags with this in their name.")
def list_command(context: AppContext, name: str | None) -> None:
    """List tags.

    Example:
      talkvalue path tag list --name a
    """
    empty = "There are no such tags here."
    context.output.rows(tags.list_tags(context.client, name), COLUMNS, empty=empty)


@group.command("create")
@groups.new_fields(groups.new_name_option("tag"))
def create_command(context: AppContext, fields: dict[str, Any]) -> None:
    """Make a tag.

    Example:
      talkvalue path tag create Volunteers
    """
    with confirm.telling_uncertainty(context, *LIST):
        created = tags.create_tag(context.client, name=fields["name"])
    context.output.record(created)


@group.command("update")
@click.argument("tag_id", metavar="NAME-OR-ID", type=TAG)
@groups.with_word_option(
    "-n --name", "Name; no other tag has it.", "NAME", required=True, type=Text()
)
def update_command(context: AppContext, tag_id: int, name: str) -> None:
    """Rename a tag, wherever it is attached.

    Example:
      talkvalue path tag update 2 "Past sponsors"
    """
    with confirm.telling_uncertainty(context, *LIST):
        renamed = tags.rename_tag(context.client, tag_id, name=name)
    context.output.record(renamed)


@group.command("delete")
@click.argument("tag_id", metavar="NAME-OR-ID", type=TAG)
@confirm.confirm_option
def delete_command(context: AppContext, tag_id: int, is_confirmed: bool) -> None:
    """Delete a tag, and take it off everything.

    Example:
      talkvalue path tag delete 3 --confirm
    """

    def question() -> str:
        thing = describe.describe_tag(context.client, tag_id)
        return f"Delete {thing} for good, and take it off everything?"

    confirm.require(context, is_confirmed, "delete requires --confirm", question)
    with confirm.telling_uncertainty(context, *LIST):
        tags.delete_tag(context.client, tag_id)
    context.output.record({"deleted": True, "id": tag_id})


@group.command("attach")
@click.argument("source_id", metavar="SOURCE", type=SOURCE)
@groups.new_fields(
    groups.WordOption(
        ["--tag", "--tag-id", "tag_id"],
        word="TAG",
        help="A tag that there is; --name makes one.",
        type=TAG,
    ),
    groups.option("--name", "A tag by its name; one that is unknown is made.", type=Text()),
)
def attach_command(context: AppContext, source_id: int, fields: dict[str, Any]) -> None:
    """Mark a channel or an event with a tag.

    Examples:
      talkvalue path tag attach 1 --name Partners
      talkvalue path tag attach 1001 1
    """
    if not fields:
        raise UsageError(
            "attach requires --tag-id or --name", hint="talkvalue path tag list shows the tags"
        )
    with confirm.telling_uncertainty(context, *CHANNELS, or_look=EVENTS):
        attached = tags.attach_tag(context.client, source_id, fields)
    context.output.record(attached)


@group.command("detach")
@click.argument("source_id", metavar="SOURCE", type=SOURCE)
@groups.with_word_option(
    "--tag --tag-id tag_id", "The tag to take off.", "TAG", type=TAG, required=True
)
def detach_command(context: AppContext, source_id: int, tag_id: int) -> None:
    """Take a tag off a channel or an event; does not ask.

    Example:
      talkvalue path tag attach 2 1
      talkvalue path tag detach 2 1
    """
    with confirm.telling_uncertainty(context, *CHANNELS, or_look=EVENTS):
        tags.detach_tag(context.client, source_id, tag_id)
    context.output.record({"detached": True, "sourceId": source_id, "tagId": tag_id})
