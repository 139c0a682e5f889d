"""Multipart bodies in pieces of every size."""

from __future__ import annotations

import io

import pytest

from talkvalue_cli.sandbox.web.multipart import MultipartReader
from talkvalue_cli.sandbox.web.problems import Problem

BODY = (
    b"a preamble\r\n--bb\r\nContent-Disposition: form-data; name=x\r\nA: B:C\r\n\r\n"
    b"one\r\n--b\r\n-\r\n\r\n--bb\r\nEmpty: yes\r\n\r\n\r\n--bb--\r\n"
)


class Trickle(io.BytesIO):
    """A stream that returns a few bytes at a time."""

    step: int

    def read(self, size: int | None = None, /) -> bytes:
        """Return the next bytes."""
        return super().read(self.step)


def read_all(content: bytes, step: int) -> list[tuple[dict[str, str], bytes]]:
    """Return headers and content of all parts."""
    stream = Trickle(content)
    stream.step = step
    reader = MultipartReader(stream, b"bb")
    parts = []
    while (head := reader.read_head()) is not None:
        received = bytearray()
        reader.copy_content(received.extend)
        parts.append((head, bytes(received)))
    return parts


@pytest.mark.parametrize("step", [1, 2, 3, 5, 7, 11, 64, 1000])
def test_parts_are_the_same_however_the_body_arrives(step: int) -> None:
    heads, contents = zip(*read_all(BODY, step), strict=True)
    assert contents == (b"one\r\n--b\r\n-\r\n", b"")
    assert heads[0]["content-disposition"] == "form-data; name=x"
    assert heads[0]["a"] == "B:C"
    assert heads[1]["empty"] == "yes"


@pytest.mark.parametrize("length", range(0, len(BODY) - 4, 7))
def test_a_body_that_ends_too_early_is_refused(length: int) -> None:
    with pytest.raises(Problem):
        read_all(BODY[:length], 1000)


def test_endless_headers_are_refused() -> None:
    with pytest.raises(Problem, match="headers"):
        read_all(b"--bb\r\nA: " + b"x" * 100_000, 1000)
