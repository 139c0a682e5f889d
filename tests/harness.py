"""The program and the sandbox as real processes, for tests that look from the outside."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

import requests

from tests import forks

TOKEN = "sandbox-token-of-the-tests"
CLI = forks.CLI
#: what should happen is waited for this long: a busy machine takes its time, in seconds
PATIENCE_S = 90.0
#: so that no test comes near a developer's keyring
NO_KEYRING = "keyring.backends.fail.Keyring"


class Finished(NamedTuple):
    """What a process left behind."""

    code: int
    out: str
    err: str

    @classmethod
    def of(cls, code: int, out: str, err: str) -> Finished:
        """Return it, unless an error was one that nobody foresaw."""
        assert "Traceback" not in err and "error was not foreseen" not in err, err
        return cls(code, out, err)

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """The error that stands last on standard error, as JSON."""
        return json.loads(self.err[self.err.index('{\n  "error"') :])["error"]


def clean_environ(home: Path, **more: str) -> dict[str, str]:
    """Return an environment in which nothing of the developer's machine matters."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    plain = {"LANG": "C.UTF-8", "PYTHONWARNINGS": "error", "PYTHON_KEYRING_BACKEND": NO_KEYRING}
    return {**kept, "HOME": str(home), **plain, **more}


#: for a process that cannot write whole files: Python would leave what it compiles cut off as
#: well, to everybody who starts after it
NO_BYTECODE = {"PYTHONDONTWRITEBYTECODE": "1"}


def run_cli(
    *args: str | Path,
    environ: Mapping[str, str],
    stdin: str | bytes | None = None,
    cwd: Path | None = None,
    timeout_s: float = PATIENCE_S,
) -> Finished:
    """Run the program to its end. Without stdin its standard input is empty."""
    data = stdin.encode() if isinstance(stdin, str) else stdin
    pipe = subprocess.PIPE
    with start_cli(*args, environ=environ, cwd=cwd, text=False, stdin=pipe) as process:
        try:
            out, err = process.communicate(data or b"", timeout_s)
        except BaseException:
            process.kill()
            raise
    return Finished.of(process.returncode, out.decode(), err.decode())


def start_cli(
    *args: str | Path, environ: Mapping[str, str], cwd: Path | None = None, **settings: Any
) -> subprocess.Popen[Any]:
    """Start the program and return its process, with both streams as pipes."""
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    given = {"env": dict(environ), "cwd": cwd, "text": True, **streams, **settings}
    return start([*CLI, *map(str, args)], **given)


def start(command: Sequence[str], **settings: Any) -> subprocess.Popen[Any]:
    """Start a module as Popen does, or fork it where nobody can tell: that takes far less time."""
    usual = {"env", "cwd", "text", "stdin", "stdout", "stderr"}
    if settings.keys() <= usual and forks.can_fork(command, settings["env"]):
        return forks.Forked(command, **settings)
    return subprocess.Popen(command, **settings)


def wait_for(condition: Callable[[], Any], what: str, timeout_s: float = PATIENCE_S) -> Any:
    """Return the condition's value as soon as it is true; fail when it never is."""
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"never happened: {what}")


def run_shell(
    script: str, environ: Mapping[str, str], cwd: Path | None = None, timeout_s: float = PATIENCE_S
) -> Finished:
    """Run a script with sh(1), in which `$cli` is the program."""
    done = subprocess.run(
        ["sh", "-c", script],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**environ, "cli": shlex.join(forks.command())},
        cwd=cwd,
        timeout=timeout_s,
        check=False,
    )
    return Finished.of(done.returncode, done.stdout.decode(), done.stderr.decode())


class Lines:
    """The lines that a process writes to a pipe, as they come."""

    def __init__(self, stream: IO[str]) -> None:
        self.seen: list[str] = []
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self.seen.append(line)

    def wait_for(self, part: str, timeout_s: float = PATIENCE_S) -> str:
        """Return the first line that has this part in it."""
        found: str = wait_for(
            lambda: next((line for line in self.seen if part in line), None), part, timeout_s
        )
        return found

    @property
    def text(self) -> str:
        """Everything until the end of the stream."""
        self._thread.join(10)
        return "".join(self.seen)


class Running:
    """A program that was started: its standard error as it comes, and how it ends."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        self.process, self.err = process, Lines(process.stderr)

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *about: object) -> None:
        with self.process:
            if self.process.poll() is None:
                self.process.kill()

    def finish(self, timeout_s: float = PATIENCE_S) -> Finished:
        """Wait until it ends."""
        code = self.process.wait(timeout_s)
        out = self.process.stdout.read() if self.process.stdout else ""
        return Finished.of(code, out, self.err.text)

    def stop(self, signum: int) -> tuple[Finished, float]:
        """Send a signal; return how it ended, and for how many seconds it slept until then.

        The time in which it worked, or in which a busy machine had no processor for it,
        is no sleep.
        """
        pid = self.process.pid
        awake_s, sent_at = _awake_s(pid), time.monotonic()
        self.process.send_signal(signum)
        forks.wait_for_end(self.process)
        slept_s = time.monotonic() - sent_at - (_awake_s(pid) - awake_s)
        code = self.process.wait(PATIENCE_S)
        out = self.process.stdout.read() if self.process.stdout else ""
        return Finished.of(code, out, self.err.text), slept_s


def _awake_s(pid: int) -> float:
    """Return how long a process has run, or could have run, in seconds (proc_pid_schedstat)."""
    try:
        worked_ns, waited_ns, _ = Path(f"/proc/{pid}/schedstat").read_text().split()
    except OSError:  # there is none everywhere
        return 0.0
    return (int(worked_ns) + int(waited_ns)) / 1e9


class Server:
    """Something with a URL that the program can be pointed at."""

    url: str
    folder: Path

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.url.rsplit(":", 1)[1])

    def environ(self, **more: str) -> dict[str, str]:
        """Return an environment for a client of this server."""
        urls = dict.fromkeys(("TALKVALUE_API_URL", "TALKVALUE_AUTH_API_URL"), self.url)
        return clean_environ(self.folder, **{**urls, "TALKVALUE_TOKEN": TOKEN, **more})

    def run(self, *args: str | Path, **settings: Any) -> Finished:
        """Run the program against this server."""
        settings.setdefault("environ", self.environ())
        settings.setdefault("cwd", self.folder)
        return run_cli(*args, **settings)

    def start(self, *args: str | Path, **settings: Any) -> subprocess.Popen[str]:
        """Start the program against this server."""
        settings.setdefault("environ", self.environ())
        settings.setdefault("cwd", self.folder)
        return start_cli(*args, **settings)

    def shell(self, script: str, **settings: Any) -> Finished:
        """Run a script with sh(1), in which `$cli` is the program, against this server."""
        settings.setdefault("environ", self.environ())
        settings.setdefault("cwd", self.folder)
        return run_shell(script, **settings)


class Sandbox(Server):
    """A sandbox server in a process of its own; `stop` it in the end."""

    def __init__(self, folder: Path, *options: str, port: int = 0) -> None:
        self.folder, self.options = folder, options
        self._start(port)

    def _start(self, port: int) -> None:
        command = [sys.executable, "-m", "talkvalue_cli.sandbox", "--port", str(port)]
        self.process = start(
            [*command, *self.options, "--exit-with-stdin"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=clean_environ(self.folder, TALKVALUE_SANDBOX_TOKEN=TOKEN),
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        assert self.url, "the sandbox did not start"

    def ask(self, method: str, path: str, **arguments: Any) -> requests.Response:
        """Send a request without the program."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return requests.request(
            method, self.url + path, headers=headers, timeout=PATIENCE_S, **arguments
        )

    def create_import(
        self,
        text: str,
        *,
        mode: str = "UPDATE",
        source_id: int = 1,
        fields: Sequence[str] = ("EMAIL",),
    ) -> int:
        """Load a CSV text, and return the id of the job."""
        files = {"file": ("contacts.csv", text.encode(), "text/csv")}
        key = self.ask("POST", "/path/import/analyze", files=files).json()["fileKey"]
        mappings = [{"csvIndex": i, "targetField": field} for i, field in enumerate(fields)]
        answer = self.ask(
            "POST",
            "/path/import",
            json={
                "fileKey": key,
                "sourceId": source_id,
                "mode": mode,
                "columnMappings": mappings,
            },
        )
        assert answer.status_code == 200, answer.text
        job_id: int = answer.json()["importJobId"]
        return job_id

    def finish_import(self, text: str) -> int:
        """Load a CSV text, wait until the job has ended, and return its id."""
        job_id = self.create_import(text)
        wait_for(lambda: self.job(job_id)["completedAt"], f"the end of import {job_id}")
        return job_id

    def job(self, job_id: int) -> dict[str, Any]:
        """Return the record of an import."""
        record: dict[str, Any] = self.ask("GET", f"/path/import/{job_id}").json()
        return record

    def kill(self) -> None:
        """End the server as a power cut would."""
        with self.process:
            self.process.send_signal(signal.SIGKILL)

    def restart(self) -> None:
        """Start the server again, with the same options and on the same port."""
        self._start(self.port)

    def stop(self) -> None:
        """End the server in order, also one that a test has stopped."""
        with self.process:
            self.process.terminate()
            self.process.send_signal(signal.SIGCONT)


def list_jobs(sandbox: Sandbox) -> list[Any]:
    """Return the imports of a sandbox, newest first."""
    jobs: list[Any] = sandbox.ask("GET", "/path/import").json()["content"]
    return jobs
