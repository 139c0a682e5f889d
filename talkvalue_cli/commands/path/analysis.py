"""`talkvalue path analysis`: what channels and events have to do with each other."""

from __future__ import annotations

from collections.abc import Sequence

import click

from talkvalue_cli.api import analytics
from talkvalue_cli.commands.base import Group
from talkvalue_cli.commands.options.groups import with_option
from talkvalue_cli.commands.options.names import CHANNEL, EVENT, TAG
from talkvalue_cli.commands.tables import analytics as tables
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import UsageError

tag_option = with_option("--tag-id --tag", "Only events with this tag.", type=TAG)


@click.group("analysis", cls=Group)
def group() -> None:
    """Compare channels and events.

    Example:
      talkvalue path analysis event trend
    """


@group.group("channel")
def channel_group() -> None:
    """Compare channels with each other, and with events.

    Example:
      talkvalue path analysis channel audience --channel-id 1 --channel-id 2
    """


@channel_group.command("attribution")
@click.argument("channel_id", metavar="NAME-OR-ID", type=CHANNEL)
@with_option(
    "--event-id --event event_ids", "Only these events; repeatable.", type=EVENT, multiple=True
)
@tag_option
def attribution_command(
    context: AppContext, channel_id: int, event_ids: Sequence[int], tag_id: int | None
) -> None:
    """Show which events brought the people of a channel.

    Examples:
      talkvalue path analysis channel attribution 1
      talkvalue path analysis channel attribution 1 --event-id 1001 --event-id 1002
    """
    found = analytics.get_attribution(
        context.client, channel_id, event_ids=event_ids, tag_id=tag_id
    )
    context.output.record(found, tables.ATTRIBUTION_LAYOUT)


@channel_group.command("audience")
@with_option(
    "--channel-id --channel channel_ids",
    "One of 2 to 5 different channels; repeatable.",
    type=CHANNEL,
    multiple=True,
)
def audience_command(context: AppContext, channel_ids: Sequence[int]) -> None:
    """Show how many people are in several channels.

    Example:
      talkvalue path analysis channel audience --channel-id 1 --channel-id 2
    """
    different = list(dict.fromkeys(channel_ids))
    if not 2 <= len(different) <= 5:
        raise UsageError(
            "--channel-id requires between 2 and 5 channel IDs",
            hint="they are to differ"
            if len(different) < len(channel_ids)
            else "talkvalue path channel list shows the channels",
        )
    found = analytics.get_overlap(context.client, different)
    context.output.record(found, tables.OVERLAP_LAYOUT)


@group.group("event")
def event_group() -> None:
    """Compare events with each other.

    Example:
      talkvalue path analysis event insights
    """


@event_group.command("insights")
@tag_option
def insights_command(context: AppContext, tag_id: int | None) -> None:
    """Show what stands out in the events.

    Example:
      talkvalue path analysis event insights --tag-id 1
    """
    found = analytics.get_insights(context.client, tag_id=tag_id)
    context.output.record(found, tables.INSIGHTS_LAYOUT)


@event_group.command("trend")
@tag_option
def trend_command(context: AppContext, tag_id: int | None) -> None:
    """Show new and returning people from event to event.

    Example:
      talkvalue path analysis event trend
    """
    found = analytics.get_trend(context.client, tag_id=tag_id)
    context.output.record(found, tables.TREND_LAYOUT)
