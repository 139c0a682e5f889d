"""`python -m talkvalue_cli.sandbox`: start the server, print its URL, run until told to stop."""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import sqlite3
import sys
import threading
from collections.abc import Sequence

from . import arguments
from .app import create_app
from .arguments import OptionError
from .db.store import Store
from .db.workspace import Workspace, WorkspaceInUseError
from .faults.faulty_app import FaultyApp
from .faults.plan import HttpFaultPlan, JobFaultPlan
from .imports.worker import ImportWorker
from .sample import members, seed
from .sign_in import accounts
from .web import hosts, server

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


def _open_store(options: argparse.Namespace, workspace: Workspace) -> Store:
    try:
        store = Store(workspace.database, workspace.files)
    except (ValueError, sqlite3.Error) as error:
        raise OptionError("--db", f"{workspace.database}: {error}") from None
    if store.was_empty:
        seed.add_sample_data(store, options.seed)
    else:
        members.add_members(store, options.seed)  # an older release knew of none
    return store


def _listen(options: argparse.Namespace) -> socket.socket:
    try:
        return server.open_socket(options.host, options.port)
    except socket.gaierror as error:
        raise OptionError("--host", f"{options.host!r}: {error.strerror}") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise OSError(f"cannot listen on {options.host} port {options.port}: {reason}") from None


def _run(options: argparse.Namespace, workspace: Workspace, stopping: threading.Event) -> None:
    """Serve until `stopping` is set; raises OptionError, OSError, sqlite3.Error at the start."""
    store = _open_store(options, workspace)
    jobs_plan = JobFaultPlan(options.fault)
    worker = ImportWorker(store, options.rows_per_second, jobs_plan.choose)
    tokens = accounts.Tokens(
        {os.environ.get("TALKVALUE_SANDBOX_TOKEN") or DEFAULT_TOKEN: seed.ORGANIZATION_ID}
    )
    app = create_app(store, tokens, worker.wake, jobs_plan.is_silent, options.rules)
    faulty = FaultyApp(
        app, HttpFaultPlan(options.fault, options.seed), stopping, server.ClientDisconnected
    )
    listener = _listen(options)
    address = listener.getsockname()[0]
    server.serve(hosts.HostGuard(faulty, options.host, address), listener)
    worker.start()
    facts = {"url": server.format_base_url(options.host, listener)}
    if not hosts.is_local(address):
        facts["warning"] = f"the sandbox listens on {options.host}: other machines may reach it"
    _report(facts, as_json=options.json)
    # A wait without a limit cannot be interrupted on Windows.
    while not stopping.wait(1.0):
        pass
    worker.stop()
    store.close()


def _report(facts: dict[str, str], *, as_json: bool) -> None:
    """Say where the server is, or why it is nowhere: url, warning, or error and option."""
    if as_json:
        sys.stdout.write(json.dumps(facts) + "\n")
    else:
        said = [facts[name] for name in ("option", "error", "warning") if facts.get(name)]
        if said:
            sys.stderr.write(f"sandbox: {': '.join(said)}\n")
        if "url" in facts:
            sys.stdout.write(facts["url"] + "\n")
    sys.stdout.flush()


def main(argv: Sequence[str] = sys.argv[1:]) -> int:
    """Run the server; return 0 after a signal or the end of input.

    If it cannot start it returns 2 for an option that is wrong, and 1 for anything else.
    """
    stopping = threading.Event()
    _watch_signals(stopping)
    workspace: Workspace | None = None
    try:
        options = arguments.parse_arguments(argv)
        if options.exit_with_stdin:
            _watch_stdin(stopping)
        try:
            workspace = Workspace(options.db)
        except OSError as error:
            reason = f"{error.filename}: {error.strerror}" if error.filename else str(error)
            raise OptionError("--db", reason) from None
        _run(options, workspace, stopping)
    except OptionError as error:
        _report({"option": error.option, "error": error.reason}, as_json="--json" in argv)
        return 2
    except (OSError, sqlite3.Error, WorkspaceInUseError) as error:
        _report({"error": str(error)}, as_json="--json" in argv)
        return 1
    finally:
        if workspace is not None:
            workspace.close()
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads that hang on purpose must not delay the end.
    os._exit(code)
