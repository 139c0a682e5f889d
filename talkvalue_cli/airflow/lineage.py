"""Lineage: which file went into which channel, for OpenLineage and whatever else listens."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

from airflow.providers.common.compat.sdk import get_hook_lineage_collector

from talkvalue_cli.airflow.storage import StoragePath, find_file, find_object


def report(context: Any, base_url: str, file: StoragePath, source_id: int | str) -> None:
    """Tell the collector of this task; nothing happens where nobody listens.

    context: the operator or hook that it is of.
    """
    remote = find_object(file)
    origin = f"file://{os.path.abspath(find_file(file))}" if remote is None else str(remote)
    collector = get_hook_lineage_collector()
    collector.add_input_asset(context=context, uri=origin)
    channel = f"talkvalue://{urlsplit(base_url).netloc}/channel/{source_id}"
    collector.add_output_asset(context=context, uri=channel)
