"""`talkvalue auth`: sign in and out, and see who is signed in."""

from __future__ import annotations

import click

from talkvalue_cli import config_edit
from talkvalue_cli.commands import sign_in, sign_in_organization, sign_in_status
from talkvalue_cli.commands.base import Group, pass_runtime
from talkvalue_cli.errors import ExitCode
from talkvalue_cli.output import render_json
from talkvalue_cli.output.columns import Column
from talkvalue_cli.runtime import Runtime

COLUMNS = (
    Column("Profile", "profile"),
    Column("Organization", "orgName", can_shrink=True),
    Column("Email", "memberEmail", can_shrink=True),
    Column("Active", "active", format=lambda is_active: "*" if is_active else ""),
)


@click.group("auth", cls=Group)
def auth_group() -> None:
    """Sign in and out, and see who is signed in.

    A sign-in is kept as a profile. The token goes to the keyring of the system,
    or where there is none to a file that only you can read.

    \b
    Examples:
      talkvalue auth login
      talkvalue auth status
    """


@auth_group.command("login")
@click.option(
    "--org",
    "wanted",
    metavar="NAME-OR-ID",
    help="Organization to work in; asked for on a terminal.",
)
@click.option("--no-browser", is_flag=True, help="Only show the page and the code.")
@pass_runtime
def login_command(runtime: Runtime, wanted: str | None, no_browser: bool) -> None:
    """Sign in with a browser.

    Shows a page and a code. When the sign-in is approved there, the session is
    stored as a profile, which becomes the active one. The page can be opened on
    any machine. Without --profile the profile of the same user is taken, or a
    new one is named after the e-mail address. Without a terminal --org is required.

    \b
    Examples:
      talkvalue auth login
      talkvalue auth login --org "Sandbox Events" --no-browser
    """
    sign_in.require_no_token(runtime)
    sign_in_organization.require_choice(runtime, wanted, "--org NAME-OR-ID")
    profile = sign_in.sign_in(runtime, wanted, may_open_browser=not no_browser)
    runtime.output.note(f"✓ Logged in as {profile.member_email} ({profile.org_name})")
    runtime.output.record(
        {
            "email": profile.member_email,
            "loggedIn": True,
            "orgId": profile.org_id,
            "orgName": profile.org_name,
            "profile": profile.name,
        }
    )


@auth_group.command("status")
@click.option("--exit-status", is_flag=True, help="Exit with 3 when nobody is signed in.")
@pass_runtime
def status_command(runtime: Runtime, exit_status: bool) -> int:
    """Show who is signed in, as far as the server agrees.

    Exits with 0 also when nobody is signed in, unless --exit-status is given;
    with 1 when the server cannot be asked.

    \b
    Examples:
      talkvalue auth status
      talkvalue auth status --exit-status --json
    """
    status = sign_in_status.find_status(runtime)
    runtime.output.record(status)
    return ExitCode.AUTH if exit_status and not status["loggedIn"] else ExitCode.OK


@auth_group.command("list")
@pass_runtime
def list_command(runtime: Runtime) -> None:
    """List the stored profiles. The active one is used when none is named.

    \b
    Example:
      talkvalue auth list
    """
    file = runtime.config_file
    active = file.text("active_profile")
    rows = [
        {
            "profile": profile.name,
            "orgName": profile.org_name,
            "memberEmail": profile.member_email,
            "active": profile.name == active,
        }
        for profile in file.profiles.values()
    ]
    runtime.output.rows(rows, COLUMNS, empty="Nobody is signed in. `talkvalue auth login` does it.")


@auth_group.command("switch")
@click.argument("wanted", metavar="[ORG]", required=False)
@pass_runtime
def switch_command(runtime: Runtime, wanted: str | None) -> None:
    """Work in another organization with the same sign-in.

    ORG is a name or an id; on a terminal it can be chosen from a list.

    \b
    Examples:
      talkvalue auth switch "Sandbox Events"
      talkvalue auth switch org_sandbox --profile ada
    """
    remedy = f"{runtime.command_line('auth', 'switch')} ORG"
    sign_in.require_no_token(runtime)
    sign_in_organization.require_choice(runtime, wanted, remedy)
    profile = sign_in.switch_organization(runtime, wanted, remedy)
    runtime.output.note(f"✓ Switched to {profile.org_name}")
    runtime.output.record(
        {"orgId": profile.org_id, "orgName": profile.org_name, "profile": profile.name}
    )


@auth_group.command("use")
@click.argument("name", metavar="PROFILE")
@pass_runtime
def use_command(runtime: Runtime, name: str) -> None:
    """Make another profile the active one.

    \b
    Example:
      talkvalue auth use ada
    """
    profile = config_edit.require_profile(runtime.config_file.profiles, name)
    config_edit.set_value(runtime.config_file.path, "active_profile", name)
    runtime.output.record(
        {"profile": name, "orgId": profile.org_id, "orgName": profile.org_name, "active": True}
    )


@auth_group.command("logout")
@click.option("--all", "is_all", is_flag=True, help="Sign out of every profile.")
@pass_runtime
def logout_command(runtime: Runtime, is_all: bool) -> None:
    """Remove the session and the profile from this machine.

    The server is not told: a token that was copied stays good until it expires.

    \b
    Examples:
      talkvalue auth logout
      talkvalue auth logout --all
    """
    sign_in.require_no_token(runtime)
    path, profiles = runtime.config_file.path, runtime.config_file.profiles
    if is_all:
        with runtime.token_store.lock():
            runtime.token_store.delete(profiles)
            runtime.token_store.delete_from_file()
            if profiles:
                config_edit.forget_profiles(path, set(profiles))
        runtime.output.record({"loggedOut": True, "profile": None, "profiles": [*profiles]})
        return
    name = runtime.settings.profile
    if not name:
        message = "No active session to log out from"
        runtime.output.record({"loggedIn": False, "message": message})
        return
    config_edit.require_profile(profiles, name)
    with runtime.token_store.lock():
        runtime.token_store.delete([name])
        config_edit.forget_profiles(path, {name})
    runtime.output.record({"loggedOut": True, "profile": name})


@auth_group.command("token")
@pass_runtime
def token_command(runtime: Runtime) -> None:
    """Print the access token, renewed if need be, for other programs.

    Whoever has it can do what you can. Keep it out of files, logs, and the
    arguments of a process; curl reads a header from standard input.

    \b
    Example:
      printf 'Authorization: Bearer %s' "$(talkvalue auth token)" |
          curl -sH @- "${TALKVALUE_API_URL:-https://api.trytalkvalue.com}/path/channel"
    """
    auth = runtime.auth
    from talkvalue_cli import transport

    # in a thread of its own, so that no signal cuts a renewal off
    token = transport.run_within(None, auth.get_token)
    is_json = runtime.flags.json or (runtime.flags.format or "").lower() == "json"
    text = render_json.render_document({"data": {"token": token}}) if is_json else f"{token}\n"
    # as bytes: secrets are taken out of text
    runtime.output.write_bytes([text.encode()])
