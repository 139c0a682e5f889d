"""The manifests of Kubernetes against the schemas that it publishes."""

from __future__ import annotations

from pathlib import Path

import kubernetes_validate
import pytest
import yaml

FOLDER = Path(__file__).parents[2] / "examples" / "kubernetes"
#: podFailurePolicy is a part of Kubernetes since 1.31; and the newest that is known
VERSIONS = ["1.31", kubernetes_validate.latest_version()]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.name)
def test_manifest_is_what_kubernetes_describes(path: Path, version: str) -> None:
    documents = [*yaml.safe_load_all(path.read_text())]
    kinds = [document["kind"] for document in documents]
    assert kinds == ["Secret", "ConfigMap", "CronJob", "NetworkPolicy"]
    for document in documents:
        kubernetes_validate.validate(document, version, strict=True)


def test_a_word_that_kubernetes_does_not_know_is_found() -> None:
    document = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "daat": {}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(document, VERSIONS[-1], strict=True)
