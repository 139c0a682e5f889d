"""The headings of help: which options of imports stand below which one.

An option that is in none stands below "Options", before the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: heading → names of parameters, of all commands; help has the headings in this order
SECTIONS: Mapping[str, Sequence[str]] = {
    "Where it goes": ("source_id", "mode", "dry_run"),
    "Which imports": ("latest", "active"),
    "File": (
        *("encoding", "delimiter", "header_row", "sheet", "allow_ragged", "as_is", "strict"),
        *("file_name", "path", "file_key"),
    ),
    "Mapping": (
        *("rules", "mappings", "mapping_file", "save_mapping", "min_confidence"),
        *("skip_columns", "date_order", "yes"),
    ),
    "Running again": ("again", "again_after_s", "plain_name", "asks_server", "settle_s", "journal"),
    "Several files": ("parallel", "keep_going"),
    "Waiting": (
        *("is_waiting", "no_wait"),
        *("timeout", "stall_timeout", "interval", "retry_for", "fail_fast"),
    ),
    "Failed rows": ("allow_partial", "max_failed", "failed_rows", "no_failed_rows", "force"),
    "Output": ("exit_status", "progress", "quiet", "notify", "metrics"),
}
#: of commands whose --force is about --output
FILE_SECTIONS: Mapping[str, Sequence[str]] = {
    heading: names for heading, names in SECTIONS.items() if heading != "Failed rows"
}
