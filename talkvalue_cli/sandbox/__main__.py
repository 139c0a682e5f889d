"""`python -m talkvalue_cli.sandbox`: start the server, print its URL, run until told to stop."""

from __future__ import annotations

import argparse
import os
import signal
import sqlite3
import sys
import threading

from . import arguments
from .app import create_app
from .db.store import Store
from .db.workspace import Workspace, WorkspaceInUseError
from .faults.faulty_app import FaultyApp
from .faults.plan import HttpFaultPlan, JobFaultPlan
from .imports.worker import ImportWorker
from .sample import members, seed
from .sign_in import accounts
from .web import server

DEFAULT_TOKEN = "sandbox-token"


def _watch_signals(stopping: threading.Event) -> None:
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, frame: stopping.set())


def _watch_stdin(stopping: threading.Event) -> None:
    """Set `stopping` at the end of standard input, whatever is written to it before."""

    def watch() -> None:
        try:
            while os.read(0, 65536):
                pass
        except OSError:
            pass  # closed from the start counts as ended
        stopping.set()

    threading.Thread(target=watch, name="stdin", daemon=True).start()


def _run(options: argparse.Namespace, workspace: Workspace, stopping: threading.Event) -> None:
    """Serve until `stopping` is set; raises OSError, sqlite3.Error, ValueError at the start."""
    store = Store(workspace.database, workspace.files)
    if store.was_empty:
        seed.add_sample_data(store, options.seed)
    else:
        members.add_members(store, options.seed)  # an older release knew of none
    jobs_plan = JobFaultPlan(options.fault)
    worker = ImportWorker(store, options.rows_per_second, jobs_plan.choose)
    tokens = accounts.Tokens(
        {os.environ.get("TALKVALUE_SANDBOX_TOKEN") or DEFAULT_TOKEN: seed.ORGANIZATION_ID}
    )
    app = create_app(store, tokens, worker.wake, jobs_plan.is_silent, options.rules)
    faulty = FaultyApp(
        app, HttpFaultPlan(options.fault, options.seed), stopping, server.ClientDisconnected
    )
    try:
        listener = server.open_socket(options.host, options.port)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OSError(f"cannot listen on {options.host} port {options.port}: {reason}") from None
    server.serve(faulty, listener)
    worker.start()
    sys.stdout.write(server.format_base_url(options.host, listener) + "\n")
    sys.stdout.flush()
    # A wait without a limit cannot be interrupted on Windows.
    while not stopping.wait(1.0):
        pass
    worker.stop()
    store.close()


def main() -> int:
    """Run the server; return 0 after a signal or the end of input, 1 if it cannot start."""
    options = arguments.parse_arguments()
    stopping = threading.Event()
    _watch_signals(stopping)
    if options.exit_with_stdin:
        _watch_stdin(stopping)
    try:
        workspace = Workspace(options.db)
    except (OSError, WorkspaceInUseError) as error:
        sys.stderr.write(f"sandbox: {error}\n")
        return 1
    try:
        _run(options, workspace, stopping)
        return 0
    except (OSError, ValueError, sqlite3.Error) as error:
        sys.stderr.write(f"sandbox: {error}\n")
        return 1
    finally:
        workspace.close()


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads that hang on purpose must not delay the end.
    os._exit(code)
