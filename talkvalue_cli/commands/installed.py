"""How this program was installed, and so how it is upgraded."""

from __future__ import annotations

import importlib.util
import shlex
import sys
from pathlib import Path

PACKAGE = "talkvalue-cli"


def upgrade_command(prefix: str = sys.prefix, python: str = sys.executable) -> str:
    """Return the command that upgrades this installation, for a shell.

    prefix: the folder of the environment. pipx and uv leave a file of theirs in
    one that they made for a tool, and name the folder after it.
    """
    folder = Path(prefix)
    if (folder / "pipx_metadata.json").exists():
        return f"pipx upgrade {shlex.quote(folder.name)}"
    if (folder / "uv-receipt.toml").exists():
        return f"uv tool upgrade {shlex.quote(folder.name)}"
    program = shlex.quote(python or "python")
    if (folder / "pyvenv.cfg").exists() and not _has_pip():
        return f"uv pip install --python {program} --upgrade {PACKAGE}"
    return f"{program} -m pip install --upgrade {PACKAGE}"


def _has_pip() -> bool:
    """Tell whether this Python has pip; uv makes environments without it."""
    return importlib.util.find_spec("pip") is not None
