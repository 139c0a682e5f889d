"""What a body is compressed with: unpacked in pieces, and whole or not at all."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from talkvalue_cli.errors import NetworkError, UnexpectedAnswerError

#: bytes; nothing is unpacked to more than this at once
PIECE = 1 << 16
#: how zlib.decompressobj wants to know the format
_GZIP, _ZLIB, _DEFLATE = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
_KINDS = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": _ZLIB}


def decode(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Yield what the chunks are when they are unpacked, in pieces of at most PIECE bytes.

    encoding: the Content-Encoding.
    Raises NetworkError for what ends too early or cannot be unpacked, and
    UnexpectedAnswerError for an encoding that nobody asked for.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        yield from chunks
        return
    if name not in _KINDS:
        raise UnexpectedAnswerError(
            f"the answer is encoded as {encoding[:40]!r}, which was not asked for",
            is_transient=True,
        )
    try:
        yield from _unpack(chunks, _KINDS[name])
    except zlib.error as error:
        raise NetworkError(f"the answer cannot be unpacked ({name})") from error


def _unpack(chunks: Iterable[bytes], kind: int) -> Iterator[bytes]:
    unpacker = None
    for data in chunks:
        while data:
            # gzip may be several files in a row (RFC 1952 section 2.2)
            if unpacker is None or unpacker.eof:
                unpacker = zlib.decompressobj(_DEFLATE if _is_bare(data, kind) else kind)
            yield from _drain(unpacker, data)
            data = unpacker.unused_data
    if unpacker is not None and not unpacker.eof:
        raise NetworkError("the answer was cut off")


def _drain(unpacker: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """Yield what the data unpacks to, in pieces."""
    while not unpacker.eof:
        piece = unpacker.decompress(data, PIECE)
        if piece:
            yield piece
        data = unpacker.unconsumed_tail
        # the unpacker may hold more than it was given room for
        if not data and len(piece) < PIECE:
            return


def _is_bare(data: bytes, kind: int) -> bool:
    """Tell whether what is called deflate comes without the frame of zlib, as it often does."""
    is_zlib = data[0] & 0x0F == zlib.DEFLATED
    if len(data) > 1:  # RFC 1950 section 2.2
        is_zlib = is_zlib and int.from_bytes(data[:2], "big") % 31 == 0
    return kind == _ZLIB and not is_zlib
