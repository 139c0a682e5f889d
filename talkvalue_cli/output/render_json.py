"""JSON out of values."""

from __future__ import annotations

import json
import re
from typing import Any

#: control characters that JSON allows, but that some terminals obey
_CONTROLS = re.compile("[\x7f-\x9f]")


def render_document(document: Any) -> str:
    """Return a value as JSON indented by two spaces, with a final newline.

    Text stays readable, not escaped, control characters apart. Half a surrogate
    pair, which UTF-8 cannot hold, is escaped again as the server sent it.
    """
    text = json.dumps(document, indent=2, ensure_ascii=False)
    text = _CONTROLS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"
