"""A multipart body as the client sends it, written out by hand."""

from __future__ import annotations

BOUNDARY = "boundary7"
CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"


def encode_file(content: bytes, name: str) -> bytes:
    """Return a body with one part `file` of type text/csv."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    )
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
