"""How the remedies that errors name are written on a command line."""

from __future__ import annotations

import shlex

from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import TalkValueError

#: by the argument that an error's remedy names; {} is the value that it has for it
_HINTS = {
    "again": "{} --again imports the file again",
    "allow_ragged": "correct the row, or send uneven rows with --allow-ragged",
    "date_order": "say it with --date-order {}",
    "delimiter": "name it with --delimiter {}",
    "encoding": "name its encoding, such as --encoding {}",
    "failed_rows": "--failed-rows names another place; `run --no-failed-rows` saves none",
    "force": "--force replaces it",
    "header_row": "name the line of the header with --header-row {}",
    "keep_going": "--keep-going imports the others",
    "column": "name one with --mapping {}",
    "mapping": "name one with --mapping 'Header:{}'",
    "min_confidence": "name it with --mapping 'Header:{}', or lower --min-confidence",
    "month": "write its months as numbers, or leave it out with --skip-column {}",
    "sheet": "name it with --sheet {}",
    "skip_columns": "leave it out with --skip-column {}",
    "strict": "without --strict it is imported",
}


def complete(context: AppContext, error: TalkValueError) -> TalkValueError:
    """Return an error that says what to type; as it is when it says so already."""
    if error.hint is not None or error.remedy is None:
        return error
    argument, value = error.remedy
    if argument == "run":
        command = shlex.join(["talkvalue", *context.argv])
        return error.evolve(hint=f"this goes on where the run has stopped:\n{command}")
    return error.evolve(hint=_HINTS[argument].format(value))
