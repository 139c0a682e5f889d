"""The image and the manifests: what of them can be checked without Docker and a cluster.

`make test-airflow` checks the manifests against the schemas that Kubernetes publishes.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from talkvalue_cli.exit_codes import SEVERITY
from tests.harness import clean_environ
from tests.test_examples import EXAMPLES, ROOT, check_run

PLAIN, SHARED = "import.yaml", "import-with-shared-journal.yaml"
DOCKERFILE = (EXAMPLES / "container" / "Dockerfile").read_text()
#: what a user of the image is, in it and in the manifests
USER = 10001


def read_manifests(name: str) -> dict[str, Any]:
    """Return the documents of a file by their kind."""
    text = (EXAMPLES / "kubernetes" / name).read_text()
    return {document["kind"]: document for document in yaml.safe_load_all(text)}


def read_instructions() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile with their arguments."""
    lines = [line for line in DOCKERFILE.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


@pytest.mark.parametrize("name", [PLAIN, SHARED])
def test_cron_job_runs_an_import_that_the_program_accepts(name: str) -> None:
    pod = read_manifests(name)["CronJob"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    [container] = pod["containers"]
    assert container["args"][:3] == ["path", "import", "run"]
    check_run(container["args"][3:])
    mounted = {mount["name"] for mount in container["volumeMounts"]}
    assert mounted == {volume["name"] for volume in pod["volumes"]}


@pytest.mark.parametrize("name", [PLAIN, SHARED])
def test_pods_are_not_root_and_write_to_volumes_only(name: str) -> None:
    pod = read_manifests(name)["CronJob"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert (pod["securityContext"]["runAsNonRoot"], pod["securityContext"]["runAsUser"]) == (
        True,
        USER,
    )
    [container] = pod["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    writable = [m["mountPath"] for m in container["volumeMounts"] if not m.get("readOnly")]
    assert writable == ["/state", "/tmp"]


def test_each_exit_code_has_its_place_in_the_policy_of_failures() -> None:
    job = read_manifests(PLAIN)["CronJob"]["spec"]["jobTemplate"]["spec"]
    # the policy is for pods that are never started again
    assert job["template"]["spec"]["restartPolicy"] == "Never"
    actions = {
        code: rule["action"]
        for rule in job["podFailurePolicy"]["rules"]
        for code in rule.get("onExitCodes", {"values": ()})["values"]
    }
    assert actions == {
        **dict.fromkeys((2, 3, 4, 5, 6, 7), "FailJob"),
        **dict.fromkeys((8, 124, 129, 130, 143), "Ignore"),
    }
    # of the others one is a success, one is tried again, and one needs a pipe
    assert set(SEVERITY) - set(actions) <= {0, 1, 141}


def test_the_shared_journal_is_the_only_difference() -> None:
    plain, shared = read_manifests(PLAIN), read_manifests(SHARED)
    url = shared["Secret"]["stringData"].pop("TALKVALUE_JOURNAL")
    assert url.startswith("postgresql://")
    *_, database = shared["NetworkPolicy"]["spec"]["egress"]
    assert database["ports"] == [{"protocol": "TCP", "port": 5432}]
    shared["NetworkPolicy"]["spec"]["egress"].pop()
    assert shared == plain


def test_secrets_are_in_the_secret_only() -> None:
    for name in (PLAIN, SHARED):
        for kind, document in read_manifests(name).items():
            assert ("put-the-" in str(document)) == (kind == "Secret")


def test_image_is_slim_and_not_root_and_has_a_volume_for_its_state() -> None:
    instructions = read_instructions()
    bases = [rest.split()[0] for word, rest in instructions if word == "FROM"]
    assert bases and all(re.fullmatch(r"python:3\.\d+-slim", base) for base in bases)
    last = dict(instructions)
    assert last["USER"] == f"{USER}:{USER}"
    assert (last["VOLUME"], last["ENTRYPOINT"]) == ("/state", '["talkvalue"]')
    assert "XDG_STATE_HOME=/state" in last["ENV"].split()
    assert "TOKEN" not in "".join(rest for _, rest in instructions)


def test_image_is_built_of_files_that_there_are() -> None:
    ignored = (EXAMPLES / "container" / "Dockerfile.dockerignore").read_text().splitlines()
    wanted = [line[1:] for line in ignored if line.startswith("!")]
    assert ignored[0] == "**" and wanted
    for name in wanted:
        assert (ROOT / name).exists(), name


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_what_the_image_installs_works(tmp_path: Path) -> None:
    """The line that installs, in a folder of its own: there is no Docker here."""
    source, target = tmp_path / "src", tmp_path / "opt"
    ignored = (EXAMPLES / "container" / "Dockerfile.dockerignore").read_text().splitlines()
    source.mkdir()
    for name in (line[1:] for line in ignored if line.startswith("!")):
        path = ROOT / name
        copy = shutil.copytree if path.is_dir() else shutil.copy
        copy(path, source / name)
    [line] = [rest for word, rest in read_instructions() if word == "RUN" and "pip" in rest]
    line = line.replace("/opt/talkvalue", str(target)).replace("/src", str(source))
    line = re.sub(r"^python\b", shlex.quote(sys.executable), line)
    subprocess.run(["sh", "-ec", line], check=True, cwd=tmp_path, timeout=280)
    done = subprocess.run(
        [target / "bin" / "talkvalue", "path", "import", "run", "--help"],
        env=clean_environ(tmp_path, PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "--failed-rows" in done.stdout
