"""Bodies that are compressed: whole or not at all, and never large in one piece."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

import pytest

from talkvalue_cli.errors import NetworkError, UnexpectedAnswerError
from talkvalue_cli.transport.decoding import decode

TEXT = b"Email,Name\n" + b"".join(b"%d@e.example,%d\n" % (i, i * 7919) for i in range(5_000))
FRAMELESS = zlib.compressobj(wbits=-15)
ENCODED = {
    "gzip": gzip.compress(TEXT),
    "x-gzip": gzip.compress(TEXT[:1000]) + gzip.compress(TEXT[1000:]),
    " GZIP ": gzip.compress(TEXT),
    "deflate": zlib.compress(TEXT),
    "Deflate": FRAMELESS.compress(TEXT) + FRAMELESS.flush(),
    "": TEXT,
    "identity": TEXT,
}


def cut(data: bytes, size: int) -> Iterator[bytes]:
    """Yield the data in pieces of a size."""
    return (data[start : start + size] for start in range(0, len(data), size))


@pytest.mark.parametrize("size", [1, 3, 1000, 1 << 20])
@pytest.mark.parametrize("encoding", ENCODED)
def test_a_body_is_unpacked_however_it_arrives(encoding: str, size: int) -> None:
    assert b"".join(decode(cut(ENCODED[encoding], size), encoding)) == TEXT


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@pytest.mark.parametrize("missing", [1, 4, 8, 100])
def test_a_body_that_ends_too_early_is_not_whole(encoding: str, missing: int) -> None:
    with pytest.raises(NetworkError, match="the answer was cut off"):
        list(decode([ENCODED[encoding][:-missing]], encoding))


@pytest.mark.parametrize("body", [b"plain text", b"\x1f\x8b\x08", b"\x1f\x8bgarbage, and more"])
@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_what_is_not_compressed_as_it_is_called_is_an_error(encoding: str, body: bytes) -> None:
    with pytest.raises(NetworkError) as caught:
        list(decode([body], encoding))
    assert caught.value.is_transient


def test_garbage_behind_the_end_is_an_error() -> None:
    with pytest.raises(NetworkError, match=r"cannot be unpacked \(gzip\)"):
        list(decode([ENCODED["gzip"], b"more"], "gzip"))


def test_no_body_at_all_is_none_in_every_encoding() -> None:
    assert [list(decode([b""], encoding)) for encoding in ("gzip", "deflate")] == [[], []]


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "\x1b[31m"])
def test_an_encoding_that_was_not_asked_for_is_an_error(encoding: str) -> None:
    with pytest.raises(UnexpectedAnswerError) as caught:
        list(decode([b"x"], encoding))
    assert caught.value.message == (
        f"the answer is encoded as {encoding!r}, which was not asked for"
    )


def test_a_bomb_comes_in_small_pieces() -> None:
    bomb = gzip.compress(bytes(4 << 20))
    sizes = [len(piece) for piece in decode([bomb], "gzip")]
    assert (max(sizes), sum(sizes)) == (65_536, 4 << 20)
