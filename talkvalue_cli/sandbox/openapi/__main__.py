"""`python -m talkvalue_cli.sandbox.openapi`: print the description as JSON."""

from __future__ import annotations

import json
import sys

from . import document

if __name__ == "__main__":
    json.dump(document.make_document(), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")
