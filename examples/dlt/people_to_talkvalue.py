"""A destination of dlt: each file of a load package becomes one import.

A load that is tried again, or begun again after a crash, sends the same file, and so
finds its import. Needs dlt and, from its clone, this package: `pip install dlt .`; token
and server are found as the command line finds them.
"""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import Any

import dlt
from dlt.common.destination.exceptions import DestinationTerminalException
from dlt.common.json import json
from dlt.common.storages import FileStorage

from talkvalue_cli import connect, imports


# with a batch size of 0 a call gets the path of a whole file
@dlt.destination(batch_size=0, loader_file_format="typed-jsonl", name="talkvalue")
def talkvalue(path: str, table: dict[str, Any], source_id: int = dlt.config.value) -> None:
    """Import a file of rows; dlt tries again later, unless the import itself has failed."""
    columns = [name for name in table["columns"] if not name.startswith("_dlt_")]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"{table['name']}.csv")
        with FileStorage.open_zipsafe_ro(path) as lines, file.open("w", newline="") as target:
            writer = csv.DictWriter(target, columns, extrasaction="ignore")
            writer.writeheader()
            for line in lines:
                rows = json.typed_loads(line)
                writer.writerows(rows if isinstance(rows, list) else [rows])
        result = imports.run(connect(), file, source_id=source_id, mode="SKIP", allow_partial=True)
    if result.is_finished and not result.is_success:
        raise DestinationTerminalException(str(result.error))
    result.raise_for_outcome()


@dlt.resource(name="people")
def people() -> Any:
    """Give the people of some system; put yours here."""
    yield {"email": "ada@example.org", "name": "Ada Baker"}
    yield {"email": "ben@example.org", "name": "Ben Carter"}


if __name__ == "__main__":
    print(dlt.pipeline("people_to_talkvalue", destination=talkvalue(source_id=1)).run(people()))
