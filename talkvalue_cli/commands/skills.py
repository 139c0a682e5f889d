"""`talkvalue skills`: what an agent should know to use this program, made from help and topics."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from talkvalue_cli import __version__
from talkvalue_cli.commands.base import Command
from talkvalue_cli.commands.options.groups import with_option
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import LocalFileError
from talkvalue_cli.output.columns import Column

COLUMNS = (
    Column("Name", "name"),
    Column("Description", "description", can_shrink=True),
)
#: stands in each file that this command has written, and may write again
MARK = "Made by `talkvalue skills --install`"


class Skill(NamedTuple):
    """What a SKILL.md is made from.

    description: what it is for and when to read it, which is all that an agent
        has before it opens the file.
    rules: what is not to be got wrong, each a sentence or two.
    commands: the commands and groups that it describes, without the program.
    topics: the topics of `talkvalue help` that lie beside it, as `references/NAME.md`.
    """

    name: str
    title: str
    description: str
    rules: Sequence[str]
    commands: Sequence[str]
    topics: Sequence[str]


#: of every skill
_RULES = (
    "In a pipe the answer is JSON with the record or the list in `data`; errors are JSON on "
    "standard error, with `message`, `code` and `hint`. Decide by the exit code.",
    "A name or an e-mail address may stand wherever an id is taken. Ids are safer in scripts.",
    "`talkvalue help --json COMMAND` has every option of a command as data.",
)
SKILLS = (
    Skill(
        "talkvalue-imports",
        "Import CSV files into TalkValue, and wait for the result",
        "Import contacts from CSV files into a TalkValue channel, wait for imports, read their "
        "exit codes, save and correct failed rows. Use when somebody wants to load, upload or "
        "import people or a spreadsheet, or asks how an import stands or why rows failed.",
        (
            "Import with `run`: it is safe to run again. Do not use `create` twice for one file, "
            "which imports it twice.",
            "An import cannot be cancelled. After exit code 8, 124, 129, 130 or 143 it may still "
            "be running: wait again, do not create it again.",
            "Exit code 6 means that some rows failed: they are in `import-ID-failed.csv`.",
            "Look first with `--dry-run`: it shows which column goes to which field.",
            "Without data of your own to risk, try it with `talkvalue sandbox run`.",
        ),
        ("path import",),
        ("imports", "mapping", "files", "waiting", "exit-codes", "troubleshooting"),
    ),
    Skill(
        "talkvalue-people",
        "Find, change, merge and export people in TalkValue",
        "Find people by name or e-mail address in TalkValue, change, merge or delete them, see "
        "what happened to them, export them as CSV, and work with their companies. Use when "
        "somebody asks about contacts, people or companies.",
        (
            "Deletions and merges need `--yes` in a script: ask the user first.",
            "A merge can be undone with `merge-undo`, a deletion cannot.",
            "`--all` prints every page of a list as it arrives; without it there is one page.",
        ),
        ("path person", "path company"),
        ("people", "formatting"),
    ),
    Skill(
        "talkvalue-channels-and-events",
        "Channels, events and tags in TalkValue",
        "Make, change and delete TalkValue channels, events and tags, see and export the people "
        "of a channel or an event, and add people to one. Use when somebody asks about lists, "
        "channels, events, guests or tags.",
        (
            "A deletion needs `--yes` in a script: ask the user first. The people stay.",
            "An update changes what is named; `--clear` empties a field.",
        ),
        ("path channel", "path event", "path tag"),
        ("people", "formatting"),
    ),
    Skill(
        "talkvalue-analysis",
        "Figures of channels and events in TalkValue",
        "Show the figures of a TalkValue organization: overview, attribution of a channel, "
        "overlap of audiences, trend and insights of events. Use when somebody asks how many, "
        "how it develops, or where people come from.",
        ("Nothing here changes anything.",),
        ("path overview", "path analysis"),
        ("people", "formatting"),
    ),
    Skill(
        "talkvalue-sign-in",
        "Sign in to TalkValue, and choose organization, profile and server",
        "Sign in to TalkValue with a browser or with an API token, see who is signed in, switch "
        "organizations and profiles, and look at the configuration. Use when a command exits "
        "with 3, or when somebody asks about login, tokens, profiles or organizations.",
        (
            "Never print a token, and never put one into a file or the arguments of a process.",
            "`auth login` needs a person who approves it in a browser; for scripts there is "
            "`TALKVALUE_TOKEN`.",
        ),
        ("auth", "config"),
        ("signing-in", "environment"),
    ),
)


@click.command("skills", cls=Command)
@with_option(
    "--install folder",
    "Write them below this folder.",
    metavar="DIR",
    type=click.Path(path_type=Path),
)
@with_option("--force", "Let --install replace files that it has not made.", is_flag=True)
@click.pass_context
def skills_command(ctx: click.Context, folder: Path | None, force: bool) -> None:
    """List skills for agents, or install them.

    A skill tells an agent what this program does: a folder with a SKILL.md, as
    the Agent Skills format has it, and topics of `talkvalue help` beside it.
    --install makes DIR/NAME/SKILL.md of each, and replaces those that an earlier
    release has made.

    Examples:
      talkvalue skills
      talkvalue skills --install skills
    """
    context: AppContext = ctx.obj
    rows: list[dict[str, str]] = [
        {"name": skill.name, "description": skill.description} for skill in SKILLS
    ]
    if folder is not None:
        _install(render_all(ctx.find_root()), folder, force=force)
        for row in rows:
            row["path"] = str(folder / row["name"] / "SKILL.md")
        context.output.rows(rows, (COLUMNS[0], Column("Path", "path")))
        return
    context.output.rows(rows, COLUMNS)


def _install(files_by_name: Mapping[str, str], folder: Path, *, force: bool) -> None:
    """Write the files. Raises UsageError, before anything is written, for what is not ours."""
    from talkvalue_cli import files
    from talkvalue_cli.commands.options import places

    with places.refusing("--install"):
        for name in files_by_name:
            _check(folder / name, force=force)
    for name, text in files_by_name.items():
        files.write(folder / name, text.encode())


def _check(path: Path, *, force: bool) -> None:
    """Raise LocalFileError for a file that cannot be written, or must not be."""
    is_there = next(above for above in path.parents if above.exists())
    if not is_there.is_dir():
        raise LocalFileError(f"{is_there} is not a folder")
    if path.is_dir():
        raise LocalFileError(f"{path} is a folder")
    if not force and path.exists() and not _is_ours(path):
        raise LocalFileError(
            f"{path} was not made by this command", remedy=("force", ""), code="FILE_EXISTS"
        )


def _is_ours(path: Path) -> bool:
    try:
        return MARK in path.read_text("utf-8", errors="replace")
    except OSError:
        return False


def render_all(root: click.Context) -> dict[str, str]:
    """Return the text of every file, by its path below the folder of the skills."""
    from talkvalue_cli.commands import topics

    found = {}
    for skill in SKILLS:
        found[f"{skill.name}/SKILL.md"] = render(skill, root)
        for name in skill.topics:
            text = f"{topics.read_topic(name).rstrip()}\n\n{_describe_origin()}\n"
            found[f"{skill.name}/references/{name}.md"] = text
    return found


def render(skill: Skill, root: click.Context) -> str:
    """Return the SKILL.md of a skill."""
    from talkvalue_cli.commands import topics
    from talkvalue_cli.exit_codes import ExitCode

    rules = [f"- {rule}" for rule in (*skill.rules, *_RULES)]
    beside = [
        f"- [{topics.describe_topic(name)}](references/{name}.md), as `talkvalue help {name}`"
        for name in skill.topics
    ]
    parts = [
        # a JSON string is one of YAML, too
        f"---\nname: {skill.name}\ndescription: {json.dumps(skill.description)}\n---",
        f"# {skill.title}",
        "\n".join(rules),
        "## Commands",
        *(part for name in skill.commands for part in _describe_commands(name, root)),
        "## Exit codes",
        "\n".join(f"- `{int(code)}`: {code.meaning}" for code in ExitCode),
        "## More",
        "\n".join(beside),
        _describe_origin(),
    ]
    return "\n\n".join(parts) + "\n"


def _describe_commands(name: str, root: click.Context) -> Iterator[str]:
    """Yield what each command below a group does, with its examples."""
    from talkvalue_cli.commands import catalogue, topics

    top = topics.find_command(root, name.split())
    for ctx in (top, *catalogue.walk(top)):
        found = catalogue.describe_command(ctx)
        if "exitCodes" not in found:  # does nothing by itself
            continue
        yield f"### {found['command']}"
        yield f"`{found['usage']}`: {found['summary']}"
        if found["description"]:
            yield found["description"]
        long = [next(n for n in option["names"] if n[:2] == "--") for option in found["options"]]
        names = [f"`{name}`" for name in long]
        if names:
            path = found["command"].removeprefix("talkvalue ")
            yield f"Options, which `talkvalue help --json {path}` describes: {', '.join(names)}."
        yield from (f"```sh\n{examples}\n```" for examples in found["examples"])


def _describe_origin() -> str:
    return f"{MARK}, release {__version__}; a newer one writes it again."
