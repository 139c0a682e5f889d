"""The engine of imports: files in, results out.

It prints nothing and ends no process; what it tells goes to a ProgressListener,
and what became of each import is an ImportResult. The names below are loaded
when they are used, so that importing this costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from talkvalue_cli.imports.engine import conclude, preview, run, submit, wait
    from talkvalue_cli.imports.listener import ProgressListener, SilentListener
    from talkvalue_cli.imports.options import FileSettings, RunOptions
    from talkvalue_cli.imports.pipeline import Preview
    from talkvalue_cli.imports.result import (
        ImportResult,
        Outcome,
        Submission,
        UnsuccessfulImportError,
    )
    from talkvalue_cli.imports.status import MaxFailed, Tolerance, is_finished, without_values
    from talkvalue_cli.imports.submitting.journal import Journal, open_journal
    from talkvalue_cli.imports.waiting.history import JobHistory
    from talkvalue_cli.imports.waiting.limits import WaitLimits
    from talkvalue_cli.imports.waiting.waiter import Waiter

_HOMES = {
    "listener": ("ProgressListener", "SilentListener"),
    "options": ("FileSettings", "RunOptions"),
    "pipeline": ("Preview",),
    "result": ("ImportResult", "Outcome", "Submission", "UnsuccessfulImportError"),
    "engine": ("conclude", "preview", "run", "submit", "wait"),
    "status": ("MaxFailed", "Tolerance", "is_finished", "without_values"),
    "submitting.journal": ("Journal", "open_journal"),
    "waiting.history": ("JobHistory",),
    "waiting.limits": ("WaitLimits",),
    "waiting.waiter": ("Waiter",),
}
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "FileSettings",
    "ImportResult",
    "JobHistory",
    "Journal",
    "MaxFailed",
    "Outcome",
    "Preview",
    "ProgressListener",
    "RunOptions",
    "SilentListener",
    "Submission",
    "Tolerance",
    "UnsuccessfulImportError",
    "WaitLimits",
    "Waiter",
    "conclude",
    "is_finished",
    "open_journal",
    "preview",
    "run",
    "submit",
    "wait",
    "without_values",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used (PEP 562)."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    """List the public names, for `help` and for who completes them."""
    return __all__
