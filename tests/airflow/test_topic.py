"""What `talkvalue help airflow` shows is what there is."""

from __future__ import annotations

import re
import textwrap
from datetime import timedelta
from importlib import resources
from typing import Any

from talkvalue_cli.airflow import provider
from talkvalue_cli.airflow.operator import TalkValueImportOperator

TOPIC = (resources.files("talkvalue_cli") / "help" / "airflow.md").read_text("utf-8")


def test_the_operator_of_the_topic_can_be_made() -> None:
    blocks = re.findall(r"(?m)(?:^    .*\n|^\n(?=    ))+", TOPIC)
    [program] = [textwrap.dedent(block) for block in blocks if "import_people" in block]
    made: list[Any] = []

    def make(**arguments: Any) -> None:
        made.append(TalkValueImportOperator(**arguments))

    line = "from talkvalue_cli.airflow.operator import TalkValueImportOperator\n"
    assert line in program
    exec(program.replace(line, ""), {"TalkValueImportOperator": make})
    [operator] = made
    assert (operator.source_id, operator.mode, operator.deferrable) == (1, "SKIP", True)
    assert (operator.max_failed, operator.timeout) == ("5%", timedelta(hours=6))


def test_the_fields_of_the_connection_are_in_the_topic() -> None:
    [kind] = provider.get_provider_info()["connection-types"]
    labels = [
        *kind["ui-field-behaviour"]["relabeling"].values(),
        *(field["label"] for field in kind["conn-fields"].values()),
    ]
    for label in labels:
        assert f"`{label}`" in TOPIC
