"""`talkvalue auth`: sign in and out, and see who is signed in."""

from __future__ import annotations

from collections.abc import Collection

import click

from talkvalue_cli.commands.auth import login, status
from talkvalue_cli.commands.base import Group
from talkvalue_cli.commands.options.groups import with_option
from talkvalue_cli.config import edit
from talkvalue_cli.config.file import Profile
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import TalkValueError
from talkvalue_cli.exit_codes import ExitCode
from talkvalue_cli.output import render_json
from talkvalue_cli.output.columns import Column

COLUMNS = (
    Column("Profile", "profile"),
    Column("Organization", "orgName", can_shrink=True),
    Column("Email", "memberEmail", can_shrink=True),
    Column("Active", "active", format=lambda is_active: "*" if is_active else ""),
)


def _describe(profile: Profile) -> dict[str, str]:
    return {"orgId": profile.org_id, "orgName": profile.org_name, "profile": profile.name}


@click.group("auth", cls=Group)
def auth_group() -> None:
    """Sign in and out, and see who is signed in.

    A sign-in is kept as a profile. The token goes to the keyring of the system,
    or where there is none to a file that only you can read. TALKVALUE_AUTH_API_URL
    is another server to sign in at.

    Examples:
      talkvalue auth login
      talkvalue auth status
    """


@auth_group.command("login")
@with_option(
    "--org wanted", "Organization to work in; asked for on a terminal.", metavar="NAME-OR-ID"
)
@with_option(
    "--no-browser",
    "Only show the page and the code; or TALKVALUE_DISABLE_BROWSER_OPEN=1.",
    is_flag=True,
)
def login_command(context: AppContext, wanted: str | None, no_browser: bool) -> None:
    """Sign in with a browser.

    Shows a page and a code. When the sign-in is approved there, the session is
    stored as a profile, which becomes the active one. The page can be opened on
    any machine. Without --profile the profile of the same user is taken, or a
    new one is named after the e-mail address. The profile remembers the server
    that --api-url or the environment names. Without a terminal --org is required
    if there are several organizations. BROWSER names the browser.

    Examples:
      talkvalue auth login
      talkvalue auth login --org "Sandbox Events" --no-browser
    """
    login.require_no_token(context)
    profile = login.sign_in(context, wanted, may_open_browser=not no_browser)
    context.output.note(f"✓ Logged in as {profile.member_email} ({profile.org_name})")
    context.output.record({"email": profile.member_email, "loggedIn": True, **_describe(profile)})


@auth_group.command("status")
@with_option("--exit-status", "Exit with 3 when nobody is signed in.", is_flag=True)
def status_command(context: AppContext, exit_status: bool) -> int:
    """Show who is signed in, and to which server.

    URL, organization, token and config file stand with where each comes from.
    Exits with 0 also when nobody is signed in, unless --exit-status is given;
    with 1 when the server cannot be asked.

    Examples:
      talkvalue auth status
      talkvalue auth status --exit-status --json
    """
    found = status.find_status(context)
    context.output.record(found, status.LAYOUT)
    return ExitCode.AUTH if exit_status and not found["loggedIn"] else ExitCode.OK


@auth_group.command("list")
def list_command(context: AppContext) -> None:
    """List the stored profiles. The active one is used when none is named.

    Example:
      talkvalue auth list
    """
    file = context.config_file
    active = file.text("active_profile")
    rows = [
        {
            "profile": profile.name,
            "orgName": profile.org_name,
            "memberEmail": profile.member_email,
            "active": profile.name == active,
            "apiUrl": profile.api_url or None,
        }
        for profile in file.profiles.values()
    ]
    context.output.rows(rows, COLUMNS, empty="Nobody is signed in. `talkvalue auth login` does it.")


@auth_group.command("switch")
@click.argument("wanted", metavar="[ORG]", required=False)
def switch_command(context: AppContext, wanted: str | None) -> None:
    """Work in another organization with the same sign-in.

    ORG is a name or an id; on a terminal it can be chosen from a list.

    Examples:
      talkvalue auth switch "Sandbox Events"
      talkvalue auth switch org_sandbox --profile ada
    """
    remedy = f"{context.command_line('auth', 'switch')} ORG"
    login.require_no_token(context)
    profile = login.switch_organization(context, wanted, remedy)
    context.output.note(f"✓ Switched to {profile.org_name}")
    context.output.record(_describe(profile))


@auth_group.command("use")
@click.argument("name", metavar="PROFILE")
def use_command(context: AppContext, name: str) -> None:
    """Make another profile the active one.

    Example:
      talkvalue auth use ada
    """
    profile = edit.require_profile(context.config_file.profiles, name)
    edit.set_value(context.config_file.path, "active_profile", name)
    context.output.record(
        {"profile": name, "orgId": profile.org_id, "orgName": profile.org_name, "active": True}
    )


@auth_group.command("logout")
@with_option("--all is_all", "Sign out of every profile.", is_flag=True)
def logout_command(context: AppContext, is_all: bool) -> None:
    """Remove the session and the profile from this machine.

    The server is not told: a token that was copied stays good until it expires.
    A profile stays when its tokens cannot be removed, such as from a locked keyring.

    Examples:
      talkvalue auth logout
      talkvalue auth logout --all
    """
    login.require_no_token(context)
    profiles = context.config_file.profiles
    if is_all:
        _sign_out(context, profiles, with_strays=True)
        context.output.record({"loggedOut": True, "profile": None, "profiles": [*profiles]})
        return
    name = context.settings.profile
    if not name:
        message = "No active session to log out from"
        context.output.record({"loggedIn": False, "message": message})
        return
    edit.require_profile(profiles, name)
    _sign_out(context, [name])
    context.output.record({"loggedOut": True, "profile": name})


def _sign_out(context: AppContext, names: Collection[str], *, with_strays: bool = False) -> None:
    """Remove the tokens of profiles, and forget those of which none are left.

    with_strays: also remove what the file has of profiles that nobody knows any more.
    Raises TalkValueError when something could not be removed; the rest is gone then.
    """
    store, gone = context.token_store, set()
    failures: dict[str, TalkValueError] = {}
    with store.lock():
        for name in names:
            try:
                store.delete(name)
            except TalkValueError as error:
                failures[name] = error
            else:
                gone.add(name)
        if with_strays:
            store.delete_from_file()
        if gone:
            edit.forget_profiles(context.config_file.path, gone)
    if failures:
        kept = ", ".join(sorted(failures))
        first = next(iter(failures.values()))
        raise first.evolve(
            message=f"{first.message}; still logged in, with tokens that may be left: {kept}",
            details={"loggedOut": False, "profiles": sorted(failures)},
        )


@auth_group.command("token")
def token_command(context: AppContext) -> None:
    """Print the access token, renewed if need be, for other programs.

    Whoever has it can do what you can. Keep it out of files, logs, and the
    arguments of a process; curl reads a header from standard input.

    Example:
      printf 'Authorization: Bearer %s' "$(talkvalue auth token)" |
          curl -sH @- "${TALKVALUE_API_URL:-https://api.trytalkvalue.com}/path/channel"
    """
    auth = context.auth
    from talkvalue_cli.transport.deadline import run_within

    # in a thread of its own, so that no signal cuts a renewal off
    token = run_within(None, auth.get_token)
    record = {"token": token}
    if context.output.query is not None:
        text = context.output.query.render(record)
    elif (context.flags.named_format or "").lower() == "json":
        text = render_json.render_document({"data": record})
    else:
        text = f"{token}\n"
    # as bytes: secrets are taken out of text
    context.output.write_bytes([text.encode()])
