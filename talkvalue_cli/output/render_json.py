"""JSON out of values."""

from __future__ import annotations

import json
from typing import Any


def render_document(document: Any) -> str:
    """Return a value as JSON indented by two spaces, with a final newline.

    Text stays readable, not escaped; half a surrogate pair, which UTF-8 cannot
    hold, is escaped again as the server sent it.
    """
    text = json.dumps(document, indent=2, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"
