"""The documents that are generated, whole or in part."""

from __future__ import annotations

from pathlib import Path

from talkvalue_cli.commands import topics
from tests.reference import manpage, parts
from tests.reference.commands import describe_commands

ROOT = Path(__file__).parent.parent.parent
README = Path("README.md")
TOPICS = Path("talkvalue_cli/help")
ENVIRONMENT = TOPICS / "environment.md"
REFERENCE = TOPICS / "reference.md"
PAGE = Path("talkvalue_cli/man/talkvalue.1")


def generate(root: Path) -> dict[Path, str]:
    """Return each document as it should be, by its path below the root.

    root: the folder whose documents have what is not generated.
    Raises ValueError when the place of a part is missing in one of them, or the
    recording, which only `make recording` writes.
    """

    def read(path: Path) -> str:
        return (root / path).read_text("utf-8")

    readme = parts.fill(
        read(README), {"exit codes": parts.tabulate_exit_codes, "topics": list_topics}
    )
    if not parts.split(readme, "recording")[1].strip():
        raise ValueError(f"{README} has no recording; `make recording` writes one")
    exit_codes, sandbox = TOPICS / "exit-codes.md", TOPICS / "sandbox.md"
    return {
        README: readme,
        exit_codes: parts.fill(read(exit_codes), {"exit codes": parts.list_exit_codes}),
        sandbox: parts.fill(read(sandbox), {"faults": parts.list_faults}),
        REFERENCE: describe_commands(),
        PAGE: manpage.write_page(read(ENVIRONMENT)),
    }


def list_topics() -> str:
    """Return a list of links to the topics."""
    return "\n".join(
        f"- [{name}]({TOPICS / name}.md): {topics.describe_topic(name)}"
        for name in topics.list_topics()
    )
