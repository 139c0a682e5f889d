"""`talkvalue path overview`: the figures of the whole organization."""

from __future__ import annotations

import click

from talkvalue_cli.api import analytics
from talkvalue_cli.commands.base import Group
from talkvalue_cli.commands.options.groups import with_option
from talkvalue_cli.commands.options.names import TAG
from talkvalue_cli.commands.options.types import TimeZone
from talkvalue_cli.commands.tables import analytics as tables
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import UsageError

time_zone_option = with_option(
    "--timezone --time-zone time_zone",
    "IANA name, such as Europe/Berlin; decides when a month begins.",
    type=TimeZone(),
)


@click.group(
    "overview", cls=Group, invoke_without_command=True, subcommand_metavar="[COMMAND] [ARGS]..."
)
@time_zone_option
@with_option("--tag-id --tag", "Only events with this tag.", type=TAG)
@click.pass_context
def group(ctx: click.Context, time_zone: str | None, tag_id: int | None) -> None:
    """Show figures of people, channels, events and companies.

    Examples:
      talkvalue path overview
      talkvalue path overview --timezone Europe/Berlin --tag-id 1
    """
    if ctx.invoked_subcommand is not None:
        if tag_id is not None:
            raise UsageError(f"--tag-id does not go with {ctx.invoked_subcommand}")
        return
    context: AppContext = ctx.obj
    found = analytics.get_overview(context.client, time_zone=time_zone, tag_id=tag_id)
    context.output.record(found, tables.OVERVIEW_LAYOUT)


@group.command("stats")
@time_zone_option
def stats_command(context: AppContext, time_zone: str | None) -> None:
    """Show the figures in short.

    The largest channels and the latest events are among them.

    Example:
      talkvalue path overview stats --timezone Europe/Berlin
    """
    group_ctx = click.get_current_context().parent
    if time_zone is None and group_ctx is not None:
        time_zone = group_ctx.params["time_zone"]
    found = analytics.get_stats(context.client, time_zone=time_zone)
    context.output.record(found, tables.STATS_LAYOUT)
