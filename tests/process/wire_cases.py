"""What may come over a wire: every way to answer in which a server, or what stands between, errs.

A case is a command and a script of bytes. Nothing here is HTTP as it should be, unless the case
says that the command may succeed.
"""

from __future__ import annotations

import functools
import gzip
import json
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from tests.process.raw_server import Script

CHANNELS = json.dumps([{"id": 1, "name": "A"}]).encode()
TAG = json.dumps({"id": 7, "name": "x"}).encode()
JOB = json.dumps({"id": 7, "status": "COMPLETED", "failedCount": 0}).encode()
ANALYSIS = json.dumps({"fileKey": "k", "headers": ["Email"], "columnMappings": []}).encode()
CSV = b"Email,rowNum,errorCode\r\n" + b"".join(
    b"p%d@e.example,%d,X\r\n" % (i, i) for i in range(99)
)
SAVED, CONTACTS = "saved-{}.csv", "contacts.csv"


class Command(NamedTuple):
    """A command line, and the answer that it hopes for."""

    line: str
    answer: bytes
    kind: str = "application/json"


COMMANDS = {
    "get": Command("path channel list --json", CHANNELS),
    "create": Command("path tag create --name x --json", TAG),
    "delete": Command("path tag delete 7 --confirm --json", b""),
    "wait": Command("path import wait 7 --retry-for 0 --progress none --json", JOB),
    "save": Command(f"path import failed-export 7 -o {SAVED}", CSV, "text/csv"),
    "print": Command("path import failed-export 7", CSV, "text/csv"),
    "call": Command("api GET /path/channel", CHANNELS),
    "send": Command("api POST /path/tag -f name=x", TAG),
    "upload": Command(f"path import analyze --file {CONTACTS} --json", ANALYSIS),
}
READS = ("get", "wait", "save", "print", "call")
WRITES = ("create", "delete", "send", "upload")
JSON_READS = ("get", "wait")
EXPORTS = ("save", "print")


class Case(NamedTuple):
    """may_succeed: the answer is odd, but whole. is_heavy: it would take much memory."""

    name: str
    command: str
    script: Script
    may_succeed: bool = False
    is_heavy: bool = False


def http(status: str, *headers: str, body: bytes = b"") -> bytes:
    """Return an answer, to which nothing is added."""
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode("latin-1") + body


def say(*items: bytes | float) -> Script:
    """Return a script that sends the same to everybody."""
    return lambda url, path: iter(items)


def pour(start: bytes, piece: bytes, pause_s: float = 0.0) -> Script:
    """Return a script that never ends."""

    def script(url: str, path: str) -> Iterator[bytes | float]:
        yield start
        while True:
            yield piece
            if pause_s:
                yield pause_s

    return script


def drip(start: bytes, rest: bytes) -> Script:
    """Return a script that sends the rest byte by byte, and then nothing for long."""

    def script(url: str, path: str) -> Iterator[bytes | float]:
        yield start
        for byte in rest:
            yield bytes([byte])
            yield 0.05
        yield 30.0

    return script


@functools.cache
def make_bomb() -> bytes:
    """Return 1 GiB of blanks as 1 MiB of gzip: some files in a row."""
    return gzip.compress(b" " * (64 << 20), 9) * 16


def list_floods(head: str, *headers: str) -> dict[str, Script]:
    """Return bodies that are too much, behind a head."""
    gzipped = http(head, *headers, "Content-Encoding: gzip")
    length = f"Content-Length: {1 << 30}"
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    return {
        "endless": pour(http(head, *headers), b" " * 65536),
        "1 GiB": pour(http(head, *headers, length), b" " * 65536),
        "endless chunks": pour(http(head, *headers, "Transfer-Encoding: chunked"), chunk),
        "bomb": lambda url, path: iter([gzipped, make_bomb()]),
    }


LOCATIONS = (
    *("http://[", "http://[::1", "https://]", "//[", "http://", "http:///x", "//", ":", "::", "?"),
    *("ftp://127.0.0.1/x", "file:///etc/passwd", "javascript:alert(1)", "data:text/plain,x"),
    *("http://127.0.0.1:99999999/", "http://127.0.0.1:-1/", "http://127.0.0.1:x/", "x://"),
    *("http://127.0.0.1:1/", "http://user:pass@127.0.0.1:1/", "http://256.256.256.256/"),
    *("", " ", "\x1b]0;x\x07", "\x00", "\xff\xfe", "http://\xff.invalid/", "http://.../"),
    *("http://a..b.invalid/", f"http://{'a' * 64}.invalid/", f"http://{'a.' * 200}invalid/"),
    *("http://xn--/", "http://xn--a-\x80.invalid/", "http://%zz/", "%", "/%", "/x" * 20_000),
    *("again", "?again=1", "#again", "/x" * 40_000),
)


def list_redirects() -> Iterator[Case]:
    """Yield every kind of redirect to every kind of place."""
    for place, location in enumerate(LOCATIONS):
        for status in ("301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"):
            # all statuses are one to a write, which follows none
            reads = READS if status[:3] in ("302", "308") else ("get", "print")
            writes = ("create", "send") if status[:3] == "302" else ()
            head = http(status, f"Location: {location}", "Content-Length: 0")
            for command in (*reads, *writes):
                yield Case(f"{status[:3]} to {place} {location[:40]!r}", command, say(head))
    for status in ("300 Choices", "304 Not Modified", "305 Use Proxy", "399 What", "302 Found"):
        for command in COMMANDS:
            yield Case(f"{status[:3]} to nowhere", command, say(http(status)))
    for status in ("301 Moved", "307 Temporary"):
        for command in COMMANDS:
            floods = list_floods(status, "Location: again")
            for name, script in floods.items():
                yield Case(f"{status[:3]} with {name}", command, script, is_heavy=True)
    for command in READS:
        yield Case("a redirect to another host", command, _move(command), may_succeed=True)


def _move(command: str) -> Script:
    wanted = COMMANDS[command]

    def script(url: str, path: str) -> Iterator[bytes | float]:
        if path.endswith("/moved"):
            yield http("200 OK", f"Content-Type: {wanted.kind}", body=wanted.answer)
            return
        elsewhere = url.replace("127.0.0.1", "localhost")
        yield http("302 Found", f"Location: {elsewhere}/{path.split('/')[1]}/moved")

    return script


def _encode(name: str, body: bytes) -> bytes:
    if name == "gzip":
        return gzip.compress(body)
    if name == "bare":
        packer = zlib.compressobj(wbits=-15)
        return packer.compress(body) + packer.flush()
    return zlib.compress(body)


def list_encodings() -> Iterator[Case]:
    """Yield bodies that are compressed: well, not to the end, or not as it is said."""
    for command, (_, answer, kind) in COMMANDS.items():
        if not answer:
            continue
        bodies = {
            "gzip cut in the middle": ("gzip", _encode("gzip", answer)[:-20]),
            "gzip without its sum": ("gzip", _encode("gzip", answer)[:-8]),
            "gzip without its last byte": ("gzip", _encode("gzip", answer)[:-1]),
            "gzip with a wrong sum": ("gzip", _encode("gzip", answer)[:-8] + b"12345678"),
            "gzip that is plain": ("gzip", answer),
            "gzip with more behind it": ("gzip", _encode("gzip", answer) + b"more"),
            "gzip of gzip": ("gzip, gzip", gzip.compress(_encode("gzip", answer))),
            "deflate cut": ("deflate", _encode("deflate", answer)[:-3]),
            "bare deflate cut": ("deflate", _encode("bare", answer)[:-3]),
            "deflate that is plain": ("deflate", answer),
            "br": ("br", b"\x0b\x02\x80" + answer + b"\x03"),
            "zstd": ("zstd", b"\x28\xb5\x2f\xfd" + answer),
            "what nobody knows": ("\x1b[31m", answer),
        }
        for name, (encoding, body) in bodies.items():
            headers = (f"Content-Type: {kind}", f"Content-Encoding: {encoding}")
            for length in (f"Content-Length: {len(body)}", "Connection: close"):
                yield Case(name, command, say(http("200 OK", *headers, length, body=body)))
        for name in ("gzip", "deflate", "bare"):
            body = _encode(name, answer)
            encoding = "gzip" if name == "gzip" else "deflate"
            headers = (f"Content-Type: {kind}", f"Content-Encoding: {encoding}")
            script = say(http("200 OK", *headers, body=body))
            yield Case(f"good {name}", command, script, may_succeed=True)
            refusal = http("404 Not Found", *headers, body=body[:-4])
            yield Case(f"{name} cut in a refusal", command, say(refusal))


CHUNK_SIZES = (
    *("-1", "-5", "-0", "+5", "0x5", "fffffffff", "ffffffffffffffffffffffffffff", "f" * 5000, "g"),
    *("", " ", "5 5", "5_5", "\x00", "5;" + "x" * 100_000, "0" * 100_000),
)
LENGTHS = ("-1", "-0", "x", "1, 2", "5, 5, 5, 6", "0x10", "9" * 30, "9" * 5000, "1e3", str(1 << 62))


def list_framings() -> Iterator[Case]:
    """Yield bodies whose end is told wrongly, and bodies that have none."""
    for command, (_, answer, kind) in COMMANDS.items():
        typed = f"Content-Type: {kind}"
        for size in CHUNK_SIZES:
            head = http("200 OK", typed, "Transfer-Encoding: chunked")
            body = size.encode("latin-1") + b"\r\n" + answer
            # nothing is nothing, however it is spelled
            is_end = size == "-0" and command in ("delete", "call", "send")
            yield Case(f"chunk of {size[:12]!r}", command, say(head, body), may_succeed=is_end)
        for length in LENGTHS:
            # what cannot be read as a length is none: the body then ends with the connection
            answered = http("200 OK", typed, f"Content-Length: {length}", body=answer)
            yield Case(f"length {length[:12]}", command, say(answered), may_succeed=True)
        if not answer:
            continue
        more = http("200 OK", typed, f"Content-Length: {len(answer) + 9}", body=answer)
        yield Case("length too large", command, say(more))
        if command in JSON_READS:
            less = http("200 OK", typed, f"Content-Length: {len(answer) - 3}", body=answer)
            yield Case("length too small", command, say(less))
        head = http("200 OK", typed, "Transfer-Encoding: chunked")
        whole = b"%x\r\n%s\r\n" % (len(answer), answer)
        for name, body in {
            "no last chunk": whole,
            "half a chunk": whole[:-9],
            "no chunk at all": b"",
            "no end of line behind a chunk": whole[:-2] + b"0\r\n\r\n",
        }.items():
            # what stands where the end of a chunk should is not looked at
            can_be_whole = name.startswith("no end")
            yield Case(name, command, say(head, body), may_succeed=can_be_whole)
        if command in (*JSON_READS, "create", "upload"):
            large = b"x" * (7 << 20)
            for name, body in (("no JSON", large), ("one text", b'"' + large + b'"')):
                answered = http("200 OK", typed, body=body)
                yield Case(f"7 MiB of {name}", command, say(answered), is_heavy=True)
        for status in ("200 OK", "500 No", "404 No", "401 No"):
            for name, script in list_floods(status, typed).items():
                yield Case(f"{status} with {name}", command, script, is_heavy=True)


DATES = (
    "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
    "Mon, 01 Jan 0001 00:00:00 +2359",
    "Fri, 31 Dec 9999 23:59:59 -2359",
    "Mon, 01 Jan 2026 00:00:00 +99999999",
    "Mon, 99 Foo 2026 99:99:99 GMT",
    "Mon, 01 Jan 2026 " + "9" * 5000 + ":00:00 GMT",
    "\x00",
    "\xff",
)
PAUSES = (*DATES, "-1", "1e9", "9" * 5000, "nan", "0", " ", "1, 2", "\xb2")


def list_heads() -> Iterator[Case]:
    """Yield answers with odd heads."""
    for command, (_, answer, kind) in COMMANDS.items():
        typed = f"Content-Type: {kind}"
        for date in DATES:
            answered = http("200 OK", typed, f"Date: {date}", body=answer)
            yield Case(f"date {date[:30]!r}", command, say(answered), may_succeed=True)
        for pause in PAUSES if command in ("get", "create", "wait", "save") else ():
            for status in ("503 No", "429 No"):
                answered = http(status, f"Retry-After: {pause}", "Content-Length: 0")
                yield Case(f"{status[:3]} after {pause[:30]!r}", command, say(answered))
        for name, script in {
            "HTTP/0.9": say(b"just a text"),
            "nothing": say(),
            "a line end": say(b"\r\n"),
            "HTTP/0.9 by name": say(b"HTTP/0.9 500\r\n\r\n"),
            "another protocol": say(b"SSH-2.0-OpenSSH_9.6\r\n"),
            "HTTP/9.9": say(b"HTTP/9.9 200 OK\r\n\r\n{}"),
            "status 099": say(http("099 Low")),
            "status 1000": say(http("1000 High")),
            "status abc": say(http("abc")),
            "status -1": say(http("-1 Less")),
            "status ²": say(http("\xb2\xb2\xb2 Odd")),
            "no status": say(b"HTTP/1.1\r\n\r\n"),
            "status 101": say(http("101 Switching Protocols")),
            "a header without end": pour(b"HTTP/1.1 200 OK\r\nX-A: ", b"a" * 65536),
            "endless headers": pour(b"HTTP/1.1 200 OK\r\n", b"X-A: a\r\n" * 1000),
            "a status line without end": pour(b"HTTP/1.1 200 ", b"a" * 65536),
            "endless 100": pour(b"", http("100 Continue") * 100),
            "endless 103": pour(b"", http("103 Early Hints", "Link: </x>") * 100),
            "a head cut in a line": say(b"HTTP/1.1 200 OK\r\nContent-Ty"),
            "a head cut after a line": say(b"HTTP/1.1 200 OK\r\nX-A: a\r\n"),
            "a head cut in the first line": say(b"HTTP/1.1 200 OK"),
            "null bytes": say(b"\x00" * 10_000),
        }.items():
            yield Case(name, command, script)


def list_drips() -> Iterator[Case]:
    """Yield answers that come byte by byte, and those that never come."""
    for command, (_, answer, kind) in COMMANDS.items():
        typed = f"Content-Type: {kind}"
        head = http("200 OK", typed, "Content-Length: 100000")
        chunked = http("200 OK", typed, "Transfer-Encoding: chunked")
        whole = b"%x\r\n%s\r\n" % (len(answer), answer) if answer else b""
        for name, script in {
            "silence": say(30.0),
            "a drip of the head": drip(b"", head + answer),
            "a drip of the body": drip(head, b" " * 1000),
            "a drip of a chunk": drip(chunked + b"ffff\r\n", b" " * 1000),
            "a drip of chunks": pour(chunked, b"1\r\n \r\n", 0.05),
            "a drip of trailers": pour(chunked + whole + b"0\r\n", b"X-A: a\r\n", 0.05),
            "a drip of 100": pour(b"", http("100 Continue"), 0.05),
            "a drip of a refusal": drip(http("404 No", "Content-Length: 9999"), b" " * 1000),
            "a drip of gzip": drip(
                http("200 OK", typed, "Content-Encoding: gzip"), gzip.compress(b" " * 9999)
            ),
        }.items():
            yield Case(name, command, script)


def list_cases() -> list[Case]:
    """Return all cases."""
    return [
        *list_redirects(),
        *list_encodings(),
        *list_framings(),
        *list_heads(),
        *list_drips(),
    ]
