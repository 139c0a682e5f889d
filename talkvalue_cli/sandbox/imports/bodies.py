"""What requests bring about imports (sections 5 and 15)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from ..web.bodies import Body, Id, one_of, text
from ..web.query import LARGEST_ID
from .suggestions import TARGET_FIELDS

MODES = ("UPDATE", "SKIP")

FileKey = Annotated[str, text(400, is_filled=True)]
Column = Annotated[int, Meta(ge=0, le=LARGEST_ID)]
Mode = Annotated[str, one_of("ImportMode", *MODES)]
TargetField = Annotated[str, one_of("TargetField", *TARGET_FIELDS)]
ExternalId = Annotated[str, text(100, is_filled=True)]


class ColumnMapping(Body):
    """Which column holds a target field; columns count from 0."""

    csv_index: Column
    target_field: TargetField


class CreateImport(Body):
    """An import job to be queued.

    A target or a column that comes twice is refused: what the hosted service does with those is
    not known. A column beyond the file is accepted and makes the job FAILED; a mapping without
    EMAIL makes every row fail.
    """

    file_key: FileKey
    source_id: Id
    mode: Mode
    column_mappings: Annotated[list[ColumnMapping], Meta(min_length=1)]

    def find_errors(self) -> Iterator[tuple[str, str]]:
        """Yield what is mapped twice."""
        targets: set[str] = set()
        columns: set[int] = set()
        for number, item in enumerate(self.column_mappings):
            target, column, label = item.target_field, item.csv_index, f"columnMappings[{number}]"
            if target in targets:
                yield f"{label}.targetField", f"{target} is mapped twice"
            if column in columns:
                yield f"{label}.csvIndex", f"column {column} is mapped twice"
            targets.add(target)
            columns.add(column)

    @property
    def mapping(self) -> dict[str, int]:
        """Target field -> column."""
        return {item.target_field: item.csv_index for item in self.column_mappings}


class CreateIntegrationImport(Body):
    """An import of the guests of an external event."""

    external_event_id: ExternalId
    mode: Mode
