"""Everything in examples/, and every example in the README, in topics and in help, is run.

Run against a sandbox: the scripts, the cron wrapper, the `run` steps of the workflow, and all
examples but those of UNRUN. Only parsed: those, the systemd units (by systemd itself where it is
installed; the command in them by the program), and the times and arguments of the crontab line.
"""

from __future__ import annotations

import configparser
import gzip
import json
import os
import re
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from talkvalue_cli import cli
from talkvalue_cli.commands import skills, topics
from talkvalue_cli.context import AppContext
from tests import forks, reference
from tests.csv_texts import people
from tests.fakes import FakeStream
from tests.harness import PATIENCE_S, TOKEN, Finished, Sandbox, clean_environ, list_jobs, wait_for
from tests.process.stub_server import StubServer
from tests.reference import documents
from tests.replies import Reply
from tests.tty.terminal import Terminal

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
IMPORT, CHECK = EXAMPLES / "import-and-wait.sh", EXAMPLES / "operator-check.sh"
EXPORT = EXAMPLES / "export-people.sh"
CRON = EXAMPLES / "cron" / "import-quietly.sh"
REGISTRANTS, CONTACTS = EXAMPLES / "registrants.csv", EXAMPLES / "contacts.csv"
SCRIPTS = sorted([*EXAMPLES.rglob("*.sh"), ROOT / ".ci" / "run"])
ENTRIES = {entry.path: entry for entry in reference.walk_commands()}
#: where an admin installs the program
PROGRAM = "/usr/local/bin/talkvalue"
START_SANDBOX = Callable[..., Sandbox]


@pytest.fixture(scope="module")
def bin_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a `talkvalue` that is the code under test, and a plain `python3`.

    The one on the PATH may be a script that looks for the right one in twenty processes.
    """
    folder = tmp_path_factory.mktemp("bin")
    forks.make_program(folder)
    (folder / "python3").symlink_to(Path(sys.executable).resolve())
    return folder


@pytest.fixture
def with_program(bin_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put `talkvalue` first on the PATH."""
    monkeypatch.setenv("PATH", f"{bin_folder}{os.pathsep}{os.environ['PATH']}")


def run_script(
    *command: str | Path, environ: Mapping[str, str], cwd: Path, stdin: str = ""
) -> Finished:
    """Run a command to its end."""
    done = subprocess.run(
        [str(word) for word in command],
        input=stdin.encode(),
        capture_output=True,
        env=dict(environ),
        cwd=cwd,
        timeout=PATIENCE_S,
        check=False,
    )
    return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())


def run_in_process(block: str, environ: Mapping[str, str]) -> Finished:
    """Run the commands of an example here, until one fails: starting each takes far longer."""
    out, err = FakeStream(), FakeStream()
    for line in block.replace("\\\n", " ").splitlines():
        argv = shlex.split(line, comments=True)[1:]
        if argv and (code := cli.main(argv, AppContext(argv, environ, FakeStream(), out, err))):
            return Finished(code, out.text, err.text)
    return Finished(0, out.text, err.text)


# Scripts as text


def test_scripts_are_sound() -> None:
    assert [path for path in SCRIPTS if not os.access(path, os.X_OK)] == []
    # from the test extra
    shellcheck = Path(sys.executable).with_name("shellcheck")
    done = subprocess.run([shellcheck, *SCRIPTS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_example_has_a_token_among_the_arguments_of_a_process() -> None:
    for path in EXAMPLES.rglob("*"):
        for line in path.read_text().splitlines() if path.is_file() else ():
            if "TALKVALUE_TOKEN" in line and not line.lstrip().startswith("#"):
                assert re.match(r"TALKVALUE_TOKEN=|\s+echo |  TALKVALUE_TOKEN: ", line), (
                    f"{path.name}: {line}"
                )


# import-and-wait.sh: one test for each branch


class Case(NamedTuple):
    """What the sandbox does, and what the script makes of it."""

    code: int
    says: str
    options: tuple[str, ...] = ()
    environ: Mapping[str, str] = {}
    text: str = people(30)


CASES = {
    "failed": Case(7, "The import failed", ("--fault=fail=0.5",)),
    "deadline": Case(124, "Do NOT create", ("--fault=stall=0.5",), {"TALKVALUE_WAIT_TIMEOUT": "1"}),
    "revoked": Case(3, "keeps running", ("--fault=revoke,path=/path/import/1",)),
    "gone": Case(4, "does not show import 1", ("--fault=empty,path=/path/import/1,status=404",)),
    "refused": Case(1, "Something else", ("--fault=empty,path=/path/import/1,status=400",)),
    "no token": Case(3, "not logged in", environ={"TALKVALUE_TOKEN": ""}),
    "no address": Case(2, "looks like EMAIL", text="Name\nAda\n"),
    "no file": Case(2, "no-such.csv", text=""),
}


@pytest.mark.usefixtures("with_program")
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_import_and_wait(case: Case, start_sandbox: START_SANDBOX, tmp_path: Path) -> None:
    sandbox = start_sandbox(*case.options)
    file = tmp_path / ("contacts.csv" if case.text else "no-such.csv")
    if case.text:
        file.write_text(case.text)
    done = run_script(IMPORT, file, environ=sandbox.environ(**case.environ), cwd=tmp_path)
    assert (done.code, done.out) == (case.code, ""), done.err
    assert case.says in done.err


@pytest.mark.usefixtures("with_program")
def test_import_and_wait_explains_itself_after_ctrl_c(
    start_sandbox: START_SANDBOX, tmp_path: Path
) -> None:
    sandbox = start_sandbox("--fault=stall=0.5")
    file = tmp_path / "contacts.csv"
    file.write_text(people(10))
    process = subprocess.Popen(
        [IMPORT, file],
        env=sandbox.environ(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=os.setpgrp,
    )
    with process:
        assert process.stderr is not None
        wait_for(lambda: "RUNNING" in (process.stderr.readline()), "the wait")  # type: ignore[union-attr] # asserted above
        os.killpg(process.pid, signal.SIGINT)
        rest = process.stderr.read()
    assert process.returncode == 130, rest
    assert "Do NOT create" in rest


@pytest.mark.usefixtures("with_program")
def test_import_and_wait_uses_the_channel_of_that_name_again(
    start_sandbox: START_SANDBOX, tmp_path: Path
) -> None:
    sandbox = start_sandbox()
    file = tmp_path / "contacts.csv"
    file.write_text(people(3))
    for _ in range(2):
        done = run_script(IMPORT, file, "Fair, spring", environ=sandbox.environ(), cwd=tmp_path)
        assert done.code == 0, done.err
        assert "Every row" in done.err
    names = [channel["name"] for channel in sandbox.ask("GET", "/path/channel").json()]
    assert names.count("Fair, spring") == 1


@pytest.mark.usefixtures("with_program")
def test_registrants_have_everything_that_an_import_can_meet(
    start_sandbox: START_SANDBOX, tmp_path: Path
) -> None:
    sandbox = start_sandbox()
    done = run_script(IMPORT, REGISTRANTS, environ=sandbox.environ(), cwd=tmp_path)
    assert done.code == 6, done.err
    assert "Correct them" in done.err and done.out.count("\n") == 1 + 13
    (job,) = list_jobs(sandbox)
    keys = ("totalRows", "newCount", "updatedCount", "duplicatedCount", "failedCount")
    assert [job[key] for key in keys] == [600, 566, 12, 9, 13]


def test_contacts_are_twenty_people_without_a_fault(
    start_sandbox: START_SANDBOX, tmp_path: Path
) -> None:
    sandbox = start_sandbox()
    line = ("path", "import", "run", CONTACTS, "--source-id", "1", "--mode", "SKIP")
    done = sandbox.run(*line, "--format", "table", cwd=tmp_path)
    assert done.code == 0, done.err
    (job,) = list_jobs(sandbox)
    assert [job[key] for key in ("totalRows", "newCount", "failedCount")] == [20, 20, 0]
    mapped = ["Email → EMAIL", "Name → NAME", "Company → COMPANY_NAME"]
    mapped += ["Job title → JOB_TITLE", "Phone → PHONE"]
    assert ", ".join(mapped) in done.err and "arning" not in done.err


# operator-check.sh


def test_operator_check(start_sandbox: START_SANDBOX, with_program: None, tmp_path: Path) -> None:
    sandbox = start_sandbox("--fault=stall=0.5,after=3")
    texts = [people(3), people(3, bad=2), people(0, bad=1), people(10)]
    ids = [sandbox.create_import(text) for text in texts]
    for job_id in ids[:3]:
        sandbox.run("path", "import", "wait", str(job_id))
    says = ["Nothing to do", "2  INVALID_EMAIL", "1  INVALID_EMAIL", f"import wait {ids[3]}"]
    for job_id, code, text in zip(ids, (0, 6, 7, 8), says, strict=True):
        done = run_script(CHECK, str(job_id), environ=sandbox.environ(), cwd=tmp_path)
        assert (done.code, text in done.out) == (code, True), done
    done = run_script(CHECK, "99", environ=sandbox.environ(), cwd=tmp_path)
    assert done.code == 4 and "Page 1 of 1" in done.out
    wrong = sandbox.environ(TALKVALUE_TOKEN="wrong")
    assert run_script(CHECK, "1", environ=wrong, cwd=tmp_path).code == 3


# export-people.sh


def list_organizations(environ: Mapping[str, str]) -> str:
    """Return the organization that each profile is in."""
    return run_in_process("talkvalue auth list --format csv", environ).out


@pytest.mark.usefixtures("with_program")
def test_people_of_each_organization_are_exported_with_one_sign_in(
    start_sandbox: START_SANDBOX, tmp_path: Path
) -> None:
    sandbox = start_sandbox("--auto-approve")
    environ = {**sandbox.environ(), "HOME": str(tmp_path)}
    del environ["TALKVALUE_TOKEN"]
    done = run_script(EXPORT, "people", environ=environ, cwd=tmp_path)
    assert (done.code, "talkvalue auth login" in done.err) == (3, True)
    assert not (tmp_path / "people").exists()
    login = "talkvalue auth login --org org_harbor --no-browser"
    assert run_in_process(login, environ).code == 0
    for _ in range(2):
        done = run_script(EXPORT, "people", environ=environ, cwd=tmp_path)
        assert (done.code, done.out) == (0, ""), done
        assert "Harbor Meetups" in list_organizations(environ), "it is back"
    files = {path.name: path.read_text() for path in (tmp_path / "people").iterdir()}
    assert sorted(files) == ["org_academy.csv", "org_harbor.csv", "org_sandbox.csv"]
    assert len(set(files.values())) == 3, "each has people of its own"
    assert "ada.abbott@example.com" in files["org_sandbox.csv"]


@pytest.mark.usefixtures("with_program")
def test_export_that_fails_leaves_the_file_of_yesterday_and_goes_back(
    start_sandbox: START_SANDBOX, tmp_path: Path
) -> None:
    sandbox = start_sandbox("--auto-approve", "--fault=500=1,path=/path/person/export")
    environ = {**sandbox.environ(), "HOME": str(tmp_path)}
    del environ["TALKVALUE_TOKEN"]
    login = "talkvalue auth login --org org_academy --no-browser"
    assert run_in_process(login, environ).code == 0
    kept = tmp_path / "people" / "org_harbor.csv"
    kept.parent.mkdir()
    kept.write_text("yesterday")
    assert run_script(EXPORT, "people", environ=environ, cwd=tmp_path).code == 1
    assert [path.read_text() for path in kept.parent.iterdir()] == ["yesterday"]
    assert "Northwind Academy" in list_organizations(environ)


# cron


class Cron:
    """The wrapper with a file to import, run against a sandbox."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox, self.file = sandbox, folder / "registrants.csv"
        self.home = folder / "cron-home"
        settings = self.home / ".talkvalue" / "import.env"
        settings.parent.mkdir(parents=True)
        settings.write_text(f"TALKVALUE_TOKEN={TOKEN}\nTALKVALUE_API_URL={sandbox.url}\n")
        self.failed_rows = self.home / ".local" / "state" / "talkvalue" / "failed-rows"
        self.command = [str(CRON), str(self.file), "--source-id", "1", "--mode", "SKIP"]

    def environ(self, **more: str) -> dict[str, str]:
        return clean_environ(self.home, **more)

    def run(self, *options: str, **environ: str) -> Finished:
        return run_script(*self.command, *options, environ=self.environ(**environ), cwd=self.home)

    def start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command,
            env=self.environ(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=os.setpgrp,
        )

    def list_attempts(self) -> list[Any]:
        """Return what the journal of its user says, newest first."""
        done = run_in_process("talkvalue path import history", self.environ())
        attempts: list[Any] = done.json["data"]
        return attempts

    def has_created(self) -> bool:
        return any(attempt["importJobId"] for attempt in self.list_attempts())


SILENCE = (0, "", "")


@pytest.fixture
def cron(
    start_sandbox: START_SANDBOX, with_program: None, tmp_path: Path
) -> Iterator[Callable[..., Cron]]:
    """Return a function that starts a sandbox, and gives the wrapper for it."""
    yield lambda *options: Cron(start_sandbox(*options), tmp_path)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all that it has started."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_cron_is_silent_and_imports_the_same_contents_once(cron: Callable[..., Cron]) -> None:
    wrapper = cron()
    wrapper.file.write_text(people(20))
    for _ in range(2):
        assert wrapper.run() == SILENCE
    assert [job["status"] for job in list_jobs(wrapper.sandbox)] == ["COMPLETED"]
    wrapper.file.write_text(people(21))
    assert wrapper.run() == SILENCE
    assert len(list_jobs(wrapper.sandbox)) == 2


def test_cron_reports_failed_rows_until_the_file_is_corrected(
    cron: Callable[..., Cron],
) -> None:
    wrapper = cron()
    wrapper.file.write_text(people(20, bad=2))
    for _ in range(2):
        done = wrapper.run()
        assert done.code == 6 and "PARTIAL_SUCCESS" in done.out and "2 of 22 rows" in done.err
    assert len(list_jobs(wrapper.sandbox)) == 1
    (failed,) = wrapper.failed_rows.iterdir()
    assert failed.read_text().count("INVALID_EMAIL") == 2
    assert failed.stat().st_mode & 0o077 == 0
    assert wrapper.run("--max-failed", "2") == SILENCE
    wrapper.file.write_text(people(22))
    assert wrapper.run() == SILENCE


def test_cron_leaves_a_run_that_overlaps_alone(cron: Callable[..., Cron]) -> None:
    wrapper = cron("--fault=stall=0.5")
    wrapper.file.write_text(people(10))
    first = wrapper.start()
    try:
        wait_for(wrapper.has_created, "the import is created")
        assert wrapper.run() == SILENCE
    finally:
        kill(first)
    assert len(list_jobs(wrapper.sandbox)) == 1


def test_cron_does_not_hold_up_another_line(cron: Callable[..., Cron]) -> None:
    wrapper = cron("--fault=stall=0.5,count=1")
    wrapper.file.write_text(people(10))
    first = wrapper.start()
    try:
        wait_for(wrapper.has_created, "the import is created")
        wrapper.file = wrapper.file.with_name("others.csv")
        wrapper.file.write_text(people(11))
        wrapper.command[1] = str(wrapper.file)
        assert wrapper.run() == SILENCE
    finally:
        kill(first)
    assert [job["status"] for job in list_jobs(wrapper.sandbox)] == ["COMPLETED", "RUNNING"]


def test_cron_goes_on_waiting_for_the_import_of_a_run_that_was_killed(
    cron: Callable[..., Cron],
) -> None:
    wrapper = cron("--fault=stall=0.5,seconds=2")
    wrapper.file.write_text(people(10))
    first = wrapper.start()
    wait_for(wrapper.has_created, "the import is created")
    kill(first)
    assert wrapper.run() == SILENCE
    assert [job["status"] for job in list_jobs(wrapper.sandbox)] == ["COMPLETED"]


def test_cron_finds_an_import_whose_id_was_never_noted(cron: Callable[..., Cron]) -> None:
    wrapper = cron("--fault=delay-answer=30,method=POST,path=/path/import,count=1")
    wrapper.file.write_text(people(10))
    first = wrapper.start()
    wait_for(lambda: list_jobs(wrapper.sandbox), "the import is created")
    kill(first)
    assert [attempt["step"] for attempt in wrapper.list_attempts()] == ["creating"]
    assert wrapper.run() == SILENCE
    assert len(list_jobs(wrapper.sandbox)) == 1


def test_cron_after_a_deadline_waits_for_the_same_import(cron: Callable[..., Cron]) -> None:
    wrapper = cron("--fault=stall=0.5,seconds=6")
    wrapper.file.write_text(people(10))
    done = wrapper.run("--timeout", "1")
    assert done.code == 124 and "still RUNNING" in done.err
    assert wrapper.run() == SILENCE
    assert len(list_jobs(wrapper.sandbox)) == 1


def test_crontab_has_one_line_with_five_fields_and_the_wrapper() -> None:
    lines = (EXAMPLES / "cron" / "talkvalue.crontab").read_text().splitlines()
    (line,) = [each for each in lines if each and not re.match(r"#|[A-Z]+=", each)]
    *times, command = line.split(None, 5)
    assert all(re.fullmatch(r"[0-9*/,-]+", field) for field in times) and len(times) == 5
    assert "%" not in command, "cron makes a line end of it"
    program, *arguments = shlex.split(command)
    assert program == f"/usr/local/bin/{CRON.name}"
    check_run(arguments)


def check_run(arguments: list[str]) -> None:
    """Check that the program accepts arguments of `path import run`."""
    assert arguments[0].startswith("/"), "cron and systemd run in a folder of their own"
    entry = ENTRIES["talkvalue path import run"]
    entry.command.make_context(
        "run", arguments, parent=entry.context, obj=AppContext(arguments, {})
    )


# systemd


def read_unit(name: str) -> configparser.ConfigParser:
    """Return a unit file."""
    unit = configparser.ConfigParser(interpolation=None, strict=True)
    unit.optionxform = str  # type: ignore[assignment,method-assign] # the documented way
    unit.read_string((EXAMPLES / "systemd" / name).read_text())
    return unit


def test_systemd_service_runs_an_import_and_keeps_the_token_to_itself() -> None:
    service = read_unit("talkvalue-import.service")["Service"]
    program, *arguments = shlex.split(service["ExecStart"])
    assert program == PROGRAM and arguments[:3] == ["path", "import", "run"]
    check_run(arguments[3:])
    assert service["EnvironmentFile"].endswith("import.env")
    # the journal is in the folder `talkvalue` of XDG_STATE_HOME
    assert (service["StateDirectory"], service["Environment"]) == ("talkvalue", "XDG_STATE_HOME=%S")


def test_systemd_timer_is_for_the_service() -> None:
    timer = read_unit("talkvalue-import.timer")
    assert timer["Timer"]["OnCalendar"] and timer["Install"]["WantedBy"] == "timers.target"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_accepts_the_units(tmp_path: Path, bin_folder: Path) -> None:
    for path in (EXAMPLES / "systemd").glob("talkvalue-import.*"):
        text = path.read_text().replace(PROGRAM, str(bin_folder / "talkvalue"))
        (tmp_path / path.name).write_text(text)
    done = run_script(
        "systemd-analyze",
        "verify",
        "--man=no",
        tmp_path / "talkvalue-import.timer",
        tmp_path / "talkvalue-import.service",
        environ=clean_environ(tmp_path),
        cwd=tmp_path,
    )
    assert "talkvalue-import" not in done.out + done.err


# GitHub Actions


WORKFLOW = yaml.safe_load((EXAMPLES / "github-actions" / "test-import-script.yml").read_text())
STEPS = {
    step["name"]: step["run"] for step in WORKFLOW["jobs"]["sandbox"]["steps"] if "run" in step
}


def test_workflow_installs_the_sandbox_and_has_no_secrets() -> None:
    # YAML reads the key `on` as true
    assert WORKFLOW[True] == ["push", "pull_request"]
    assert STEPS["Install"] == "pip install './talkvalue-cli[sandbox]'"
    assert "secrets" not in str(WORKFLOW)


@pytest.mark.usefixtures("with_program")
@pytest.mark.parametrize("name", [name for name in STEPS if name != "Install"])
def test_workflow_step(name: str, tmp_path: Path) -> None:
    for path in (IMPORT, REGISTRANTS):
        shutil.copy(path, tmp_path)
    done = run_script(
        "bash", "-eo", "pipefail", "-c", STEPS[name], environ=clean_environ(tmp_path), cwd=tmp_path
    )
    assert done.code == 0, done.err


# Examples in the README, in topics and in help texts

DOCUMENTS = {
    "README": (ROOT / documents.README).read_text("utf-8"),
    # what the reference has is that of the help texts
    **{name: topics.read_topic(name) for name in topics.list_topics() if name != "reference"},
}
#: what `talkvalue skills` writes, by its path
SKILLS = skills.render_all(ENTRIES["talkvalue"].context)


def find_blocks(language: str) -> dict[str, str]:
    """Return the examples of the documents in a language, by document and number."""
    return {
        f"{name} {number}": block
        for name, text in {**DOCUMENTS, **SKILLS}.items()
        for number, block in enumerate(re.findall(rf"(?ms)^```{language}\n(.*?)^```", text))
    }


HELP_BLOCKS = {
    f"{entry.path} --help {number}": block.examples
    for entry in reference.walk_commands()
    for number, block in enumerate(reference.read_help(entry.command))
    if block.examples
}
#: each once, whatever holds it: skills have those of help and topics again
_NAMES = {block.strip("\n"): name for name, block in {**find_blocks("sh"), **HELP_BLOCKS}.items()}
BLOCKS = {name: block for block, name in _NAMES.items()}
#: first words of examples that set things up, which tests have no business to do
UNRUN = ("make", "pip", "pipx")
#: examples that do not exit with 0, by a part of them
CODES = {"examples/import-and-wait.sh examples/registrants.csv": 6}
#: what has to be before an example can run, by a part of it
BEFORE = {
    "import resume": "talkvalue path import run contacts.csv --source-id 1 --mode UPDATE --no-wait",
    "merge-undo": "talkvalue path person merge 8 9 --confirm",
    "talkvalue auth": "talkvalue auth login --profile ada --org 'Sandbox Events' --no-browser",
}
SUBSTITUTES = {
    r"\b4218\b": "{job}",
    r"\b42(19|20)\b": "{other}",
    r"\bKEY\b|\bu/2026/11/3f-contacts\.csv\b": "{key}",
    r"\bID\b": "{job}",
    r"TALKVALUE_TOKEN=\.\.\.": f"TALKVALUE_TOKEN={TOKEN}",
}


def is_run(block: str) -> bool:
    """Tell whether an example is run here."""
    return not block.startswith(UNRUN)


@dataclass
class Place:
    """A sandbox that has what the examples speak of, and the values of their stand-ins."""

    sandbox: Sandbox
    key: str
    completed: int
    partial: int
    other: int
    database: sqlite3.Connection
    snapshot: sqlite3.Connection
    version: int = -1

    def restore(self) -> None:
        """Undo what an example did, so that the next one finds the place as it was."""
        if self.version != self._read_version():
            self.sandbox.stop()
            self.snapshot.backup(self.database)
            self.sandbox.restart()
            self.version = self._read_version()

    def _read_version(self) -> int:
        """Return a number that another connection changes whenever it writes."""
        version: int = self.database.execute("PRAGMA data_version").fetchone()[0]
        return version

    def substitute(self, block: str, job_id: int) -> str:
        for pattern, value in SUBSTITUTES.items():
            value = value.format(job=job_id, key=self.key, other=self.other)
            block = re.sub(pattern, value, block)
        return block


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A sandbox with an uploaded file and three finished imports."""
    folder = tmp_path_factory.mktemp("place")
    sandbox = Sandbox(folder, "--auto-approve", "--db", str(folder / "sandbox.db"))
    jobs = completed, partial, other = [
        sandbox.create_import(people(50, bad=bad)) for bad in (0, 5, 0)
    ]
    for job_id in jobs:
        sandbox.run("path", "import", "wait", str(job_id))
    files = {"file": ("contacts.csv", people(3).encode(), "text/csv")}
    key = sandbox.ask("POST", "/path/import/analyze", files=files).json()["fileKey"]
    with (
        closing(sqlite3.connect(folder / "sandbox.db")) as database,
        closing(sqlite3.connect(folder / "snapshot.db")) as snapshot,
    ):
        database.backup(snapshot)
        yield Place(sandbox, key, completed, partial, other, database, snapshot)
    sandbox.stop()


@pytest.fixture(scope="module")
def index_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A package index, so that nothing is asked of the real one."""
    files = [{"filename": "talkvalue_cli-1.0.0.tar.gz"}]
    stub = StubServer(tmp_path_factory.mktemp("index"), Reply({"files": files}))
    yield f"{stub.url}/simple"
    stub.stop()


def prepare(folder: Path) -> None:
    """Put the files that the examples speak of into a folder."""
    shutil.copy(CONTACTS, folder)
    (folder / "more.csv").write_text(people(4))
    (folder / "contacts.csv.gz").write_bytes(gzip.compress(CONTACTS.read_bytes()))
    (folder / "examples").symlink_to(EXAMPLES)


def sign_in_at_a_terminal(command: Sequence[str], environ: Mapping[str, str]) -> Finished:
    """Run a command that asks for an organization, and answer."""
    terminal = Terminal()
    terminal.start(command=command, environ=environ)
    terminal.wait_for("Number or name")
    terminal.type("Sandbox Events\n")
    code = terminal.finish()
    terminal.close()
    return Finished(code, terminal.raw.decode(), "")


def is_plain(block: str) -> bool:
    """Tell whether an example needs no shell: commands and words, nothing between them."""
    lines = block.replace("\\\n", " ").splitlines()
    needs_shell = re.search(r"[|;&$<>()*`]|sandbox|auth login *(#|$)", block, re.MULTILINE)
    return not needs_shell and all(line.startswith(("talkvalue ", "#")) for line in lines)


@pytest.mark.usefixtures("with_program")
@pytest.mark.parametrize(
    "block",
    [
        pytest.param(block, id=name)
        for name, block in BLOCKS.items()
        if is_run(block) and "sandbox serve" not in block
    ],
)
def test_example_runs_as_it_stands(
    block: str,
    place: Place,
    index_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place.restore()
    # an example that tells the outcomes apart is to be run with more than one
    jobs = [place.completed, place.partial] if "case $?" in block else [place.completed]
    for job_id in jobs:
        folder = tmp_path / str(job_id)
        folder.mkdir()
        prepare(folder)
        monkeypatch.chdir(folder)
        environ = {**place.sandbox.environ(PIP_INDEX_URL=index_url), "HOME": str(folder)}
        if "talkvalue auth" in block:
            del environ["TALKVALUE_TOKEN"]
        for part, before in BEFORE.items():
            if part in block:
                assert run_in_process(before, environ).code == 0
        text = place.substitute(block, job_id)
        command = ("bash", "-u" if "case $?" in block else "-eu", "-c", text)
        if re.search(r"auth login *(#|$)", block, re.MULTILINE):
            done = sign_in_at_a_terminal(command, environ)
        elif is_plain(block):
            done = run_in_process(text, environ)
        else:
            done = run_script(*command, environ=environ, cwd=folder, stdin=f"{TOKEN}\n")
        code = next((code for part, code in CODES.items() if part in block), 0)
        assert done.code == code, done
        if job_id == place.partial:
            assert "some rows failed" in done.out


@pytest.mark.usefixtures("with_program")
@pytest.mark.parametrize(
    "line",
    sorted(
        {
            line
            for block in BLOCKS.values()
            for line in block.splitlines()
            if "sandbox serve" in line
        }
    ),
)
def test_example_of_a_server_serves(line: str, tmp_path: Path) -> None:
    # its usual port may be taken
    process = subprocess.Popen(
        [*shlex.split(line), "--port", "0"],
        env=clean_environ(tmp_path),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        url, *exports = (process.stdout.readline().strip() for _ in range(4))
        process.send_signal(signal.SIGTERM)
    assert url.startswith("http://127.0.0.1:")
    assert exports == [
        f"export TALKVALUE_API_URL={url}",
        f"export TALKVALUE_AUTH_API_URL={url}",
        "export TALKVALUE_TOKEN=sandbox-token",
    ]
    assert process.returncode == 143


def test_example_that_is_not_run_is_a_command_that_exists() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    unrun = [block for block in BLOCKS.values() if not is_run(block)]
    assert unrun
    for line in "".join(unrun).splitlines():
        program, *arguments = shlex.split(line, comments=True)
        if program == "make":
            assert set(arguments) <= set(targets)
        else:
            # from a clone: no index has it
            assert arguments == ["install", ".[sandbox]"]


@pytest.mark.parametrize("name", find_blocks("json"))
def test_json_of_the_documents_is_sound(name: str) -> None:
    json.loads(find_blocks("json")[name])
