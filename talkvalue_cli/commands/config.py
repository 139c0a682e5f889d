"""`talkvalue config`: look at the config file, and change it."""

from __future__ import annotations

from typing import Any

import click

from talkvalue_cli.commands.base import Group
from talkvalue_cli.commands.options.groups import with_option
from talkvalue_cli.config import edit
from talkvalue_cli.config.file import AUTH_METHOD, DEFAULTS, SERVER_KEYS, ConfigFile
from talkvalue_cli.config.settings import DEFAULT, FILE, find_profile, name_config_origin
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import UsageError
from talkvalue_cli.output.columns import Column
from talkvalue_cli.output.query import render_value

ORIGIN_COLUMNS = (
    Column("Key", "key"),
    Column("Value", "value", can_shrink=True),
    Column("Origin", "origin"),
)


@click.group("config", cls=Group)
def config_group() -> None:
    """Look at the config file, and change it.

    Options and environment variables take precedence over the file; these
    commands show and change the file alone.

    Examples:
      talkvalue config list
      talkvalue config set api_url https://api.trytalkvalue.com
    """


@config_group.command("list")
@with_option(
    "--origins has_origins",
    "Show the settings in force instead, and where each comes from.",
    is_flag=True,
)
def list_command(context: AppContext, has_origins: bool) -> None:
    """Show all values, defaults included.

    With --origins options and environment count too, and the token is only said
    to be there.

    Examples:
      talkvalue config list --json
      talkvalue config list --origins
    """
    if has_origins:
        context.output.rows(_trace_settings(context), ORIGIN_COLUMNS)
        return
    context.output.record(_read_values(context.config_file))


def _trace_settings(context: AppContext) -> list[dict[str, Any]]:
    """Return the settings in force, each with what decides it."""
    from talkvalue_cli.commands.path.import_.wait_options import TIMEOUT_VARIABLE
    from talkvalue_cli.imports.waiting.limits import DEFAULT_TIMEOUT_S

    environ, file = context.environ, context.config_file
    api, sign_in = context.api_url_setting, context.auth_url_setting
    profile = find_profile(environ, file, context.flags.profile)
    timeout, default = environ.get(TIMEOUT_VARIABLE), f"{DEFAULT_TIMEOUT_S / 3600:g}h"
    token = context.settings.token
    known = profile.value in file.profiles if token is None else bool(token)
    source = f"profile {profile.value}" if token is None else "TALKVALUE_TOKEN"
    client_id = FILE if "client_id" in file.values else DEFAULT
    found = (
        ("api_url", api.value, api.origin),
        ("auth_api_url", sign_in.value, sign_in.origin),
        ("profile", profile.value or None, profile.origin),
        ("token", "***" if known else None, source if known else None),
        ("client_id", file.text("client_id"), client_id),
        ("wait_timeout", timeout or default, TIMEOUT_VARIABLE if timeout else DEFAULT),
        ("config_file", str(file.path), name_config_origin(environ)),
    )
    return [dict(zip(("key", "value", "origin"), each, strict=True)) for each in found]


@config_group.command("get")
@click.argument("key", metavar="KEY")
def get_command(context: AppContext, key: str) -> None:
    """Show one value. A dot leads into a group of values.

    On a terminal that is the value alone; in a pipe JSON has its key too, and
    --query value prints it alone everywhere.

    Examples:
      talkvalue config get api_url
      talkvalue config get profiles
      url=$(talkvalue config get api_url --query value)
    """
    output = context.output
    value = _find(_read_values(context.config_file), key, key)
    is_bare = output.is_on_terminal and context.flags.named_format is None
    if is_bare and output.query is None and not isinstance(value, dict):
        output.write_plain(render_value(value))
        return
    output.record({"key": key, "value": value})


@config_group.command("set")
@click.argument("key", metavar="KEY")
@click.argument("value", metavar="VALUE")
def set_command(context: AppContext, key: str, value: str) -> None:
    """Change api_url, client_id or active_profile.

    What else is in the file stays as it is, comments too.

    Example:
      talkvalue config set api_url https://api.trytalkvalue.com
    """
    stored = edit.set_value(context.config_file.path, key, value)
    context.output.record({"key": key, "value": stored})


@config_group.command("path")
def path_command(context: AppContext) -> None:
    """Print where the config file is, or would be.

    Example:
      talkvalue config path
    """
    path = str(context.config_file.path)
    if context.flags.named_format is not None or context.output.query is not None:
        context.output.record({"path": path})
    else:
        context.output.write_plain(f"{path}\n")


def _read_values(file: ConfigFile) -> dict[str, Any]:
    """Return what the program knows of the file, in the order in which it writes it."""
    profiles = {
        profile.name: {
            "org_id": profile.org_id,
            "org_name": profile.org_name,
            "member_email": profile.member_email,
            "auth_method": AUTH_METHOD,
            **{key: url for key in SERVER_KEYS if (url := getattr(profile, key))},
        }
        for profile in file.profiles.values()
    }
    return {**{key: file.values.get(key, DEFAULTS[key]) for key in DEFAULTS}, "profiles": profiles}


def _find(values: dict[str, Any], key: str, whole: str) -> Any:
    """Return what a dotted key leads to; names of profiles may have dots of their own."""
    if key in values:
        return values[key]
    for name, value in values.items():
        rest = key.removeprefix(f"{name}.")
        if rest != key and isinstance(value, dict):
            return _find(value, rest, whole)
    raise UsageError(f"unknown config key: {whole}", hint="talkvalue config list shows all")
