"""The client against real sockets: cut connections, slow servers, proxies, TLS, what is sent."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests

from talkvalue_cli.api import imports
from talkvalue_cli.errors import NetworkError, NotFoundError, UsageError
from talkvalue_cli.exit_codes import code_of
from talkvalue_cli.transport import deadline
from talkvalue_cli.transport.client import Client
from talkvalue_cli.transport.session import BearerAuth, make_session
from tests.unit.wire import TOKEN, Handler, Wire, hang_up, http, make_client, reply

Serve = Callable[..., Wire]
JSON = b'{"id": 1}'
NO_HTTP = "the answer was cut off or is not HTTP"


@pytest.fixture
def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def two_answers(wires: list[Wire]) -> Handler:
    """Answer, keep the connection open, and drop it when the next request comes in."""

    def handle(connection: socket.socket) -> None:
        connection.sendall(http(JSON))
        wires[0].read(connection)

    return handle


def test_an_idle_connection_that_was_dropped_is_replaced_without_a_pause(serve: Serve) -> None:
    wires: list[Wire] = []
    wires.append(serve(two_answers(wires), reply(b'{"id": 2}')))
    client, slept = make_client(wires[0].url, tries=1)
    assert client.get("/a").value == {"id": 1}
    assert client.get("/b").value == {"id": 2}
    assert slept == []
    assert [wires[0].line(n) for n in range(3)] == [
        "GET /a HTTP/1.1",
        "GET /b HTTP/1.1",
        "GET /b HTTP/1.1",
    ]


def test_a_dropped_connection_is_replaced_only_once(serve: Serve) -> None:
    wires: list[Wire] = []
    wires.append(serve(two_answers(wires), hang_up))
    client, slept = make_client(wires[0].url, tries=3)
    client.get("/a")
    with pytest.raises(NetworkError, match="the server closed the connection without an answer"):
        client.get("/b")
    # the first try is sent twice, the other two once
    assert len(wires[0].requests) == 1 + 4
    assert len(slept) == 2


def test_a_fresh_connection_that_is_dropped_counts_as_a_failure(serve: Serve) -> None:
    wire = serve(hang_up, reply(JSON))
    client, slept = make_client(wire.url)
    assert client.get("/a").value == {"id": 1}
    assert len(slept) == 1


def test_post_is_not_repeated_after_the_connection_broke(serve: Serve) -> None:
    wire = serve(hang_up, reply(JSON))
    client, slept = make_client(wire.url)
    with pytest.raises(NetworkError) as caught:
        client.post("/a", {"x": 1})
    assert caught.value.message == (
        f"lost contact with {wire.url}/a: the server closed the connection without an answer"
    )
    assert not caught.value.was_never_sent
    assert len(wire.requests) == 1
    assert slept == []


def test_post_is_not_repeated_when_an_idle_connection_was_dropped(serve: Serve) -> None:
    wires: list[Wire] = []
    wires.append(serve(two_answers(wires), reply(JSON)))
    client, slept = make_client(wires[0].url)
    client.get("/a")
    with pytest.raises(NetworkError):
        client.post("/b", {})
    assert [wires[0].line(n) for n in range(2)] == ["GET /a HTTP/1.1", "POST /b HTTP/1.1"]
    assert len(wires[0].requests) == 2
    assert slept == []


def test_an_unreachable_server_is_told_with_its_cause(closed_port: int) -> None:
    client, slept = make_client(f"http://127.0.0.1:{closed_port}")
    with pytest.raises(NetworkError) as caught:
        client.post("/a", {})
    assert caught.value.message == (
        f"cannot reach http://127.0.0.1:{closed_port}/a: connection refused"
    )
    assert caught.value.was_never_sent
    assert len(slept) == 2


def test_an_unknown_host_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_nothing(*args: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", find_nothing)
    with pytest.raises(NetworkError) as caught:
        make_client("http://nowhere.invalid", tries=1)[0].get("/a")
    assert caught.value.message == ("cannot reach http://nowhere.invalid/a: could not resolve host")
    assert caught.value.was_never_sent


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (reply(JSON[:4], length=len(JSON)), "the answer was cut off"),
        (reply(b"", "Transfer-Encoding: chunked", status="200 OK"), NO_HTTP),
        (
            lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Len"),
            "the answer was cut off",
        ),
        (lambda connection: connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n"), NO_HTTP),
    ],
    ids=["body cut", "chunks missing", "head cut", "not HTTP"],
)
def test_an_answer_that_is_cut_off_is_no_answer(
    serve: Serve, handler: Handler, reason: str
) -> None:
    wire = serve(handler)
    with pytest.raises(NetworkError) as caught:
        make_client(wire.url, tries=1)[0].get("/a")
    assert caught.value.message == f"lost contact with {wire.url}/a: {reason}"
    assert code_of(caught.value) == 1
    assert caught.value.is_transient


def test_an_error_whose_body_is_cut_off_keeps_its_category(serve: Serve) -> None:
    wire = serve(reply(b'{"detail": "no su', status="404 Not Found", length=500))
    with pytest.raises(NotFoundError) as caught:
        make_client(wire.url)[0].get("/a")
    assert caught.value.text == "not found (HTTP 404, GET /a)"


def test_a_server_that_only_drips_is_left_when_the_time_is_up(serve: Serve) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(2000):
            connection.sendall(b" ")
            time.sleep(0.02)

    wire = serve(drip)
    ticks: list[float] = []
    client, _ = make_client(wire.url)
    began_at = time.monotonic()
    with pytest.raises(NetworkError) as caught:
        client.for_one_poll(0.3, lambda: ticks.append(time.monotonic())).get("/a")
    assert 0.3 <= time.monotonic() - began_at < 20
    assert caught.value.message == (
        f"lost contact with {wire.url}/a: no complete answer within 0.3 s"
    )
    assert caught.value.is_transient
    assert ticks


def test_a_server_that_says_nothing_is_left_when_the_time_is_up(serve: Serve) -> None:
    release = threading.Event()
    wire = serve(lambda connection: release.wait(30) and None)
    began_at = time.monotonic()
    with pytest.raises(NetworkError, match=r"no complete answer within 0\.2 s"):
        make_client(wire.url, limit_s=0.2, tries=1)[0].get("/a")
    assert time.monotonic() - began_at < 15
    release.set()
    assert len(wire.requests) == 1


def test_a_write_that_is_given_up_is_cut_off(serve: Serve) -> None:
    ends: list[bytes] = []

    def drip_until_the_end(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        ends.append(connection.recv(1))
        is_cut.set()

    is_cut = threading.Event()
    wire = serve(drip_until_the_end)
    with pytest.raises(NetworkError) as caught:
        make_client(wire.url, limit_s=0.1)[0].post("/a", {})
    assert caught.value.message == (
        f"lost contact with {wire.url}/a: no complete answer within 0.1 s"
    )
    assert caught.value.may_have_arrived
    assert is_cut.wait(5)
    assert ends == [b""]
    assert len(wire.requests) == 1


@pytest.mark.parametrize("before", [0, 1])
def test_a_request_that_is_given_up_before_it_is_sent_is_never_sent(
    serve: Serve, before: int
) -> None:
    """Neither over a new connection nor over the one of a request before."""

    class SlowAuth(BearerAuth):
        """A token that takes until somebody lets it go, but for the requests before."""

        def get_token(self) -> str:
            if len(threads) == before:
                assert may_go.wait(5)
            threads.append(threading.current_thread())
            return TOKEN

    def answer_twice(connection: socket.socket) -> None:
        connection.sendall(http(JSON))
        if wires[0].read(connection):
            connection.sendall(http(JSON))

    may_go = threading.Event()
    threads: list[threading.Thread] = []
    wires = [serve(answer_twice)]
    client = Client(make_session(SlowAuth("t")), wires[0].url, limit_s=0.2)
    for _ in range(before):
        client.get("/a")
    with pytest.raises(NetworkError):
        client.post("/b", {})
    may_go.set()
    while len(threads) == before:
        time.sleep(0.01)
    threads[before].join(5)
    sent = [wires[0].line(number) for number in range(len(wires[0].requests))]
    assert sent == ["GET /a HTTP/1.1"] * before


def test_a_download_that_only_drips_is_left_when_the_time_is_up(serve: Serve) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n\r\n")
        for _ in range(200):
            connection.sendall(b"x")
            time.sleep(0.02)

    wire = serve(drip)
    began_at = time.monotonic()
    with (
        pytest.raises(NetworkError, match=r"no complete answer within 0\.2 s"),
        make_client(wire.url, limit_s=0.2)[0].download("/a"),
    ):
        pass
    assert time.monotonic() - began_at < 2


def test_a_download_that_never_ends_is_left_when_the_time_is_up(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pour(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65_536)

    monkeypatch.setattr(deadline, "DOWNLOAD_LIMIT_S", 0.2)
    wire = serve(pour)
    with (
        pytest.raises(NetworkError, match="no complete answer within"),
        make_client(wire.url)[0].download("/a") as chunks,
    ):
        for _ in chunks:
            pass


def test_a_download_arrives_while_the_server_still_sends(serve: Serve) -> None:
    def send_slowly(connection: socket.socket) -> None:
        head = "HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head.encode() + b"6\r\nEmail\n\r\n")
        # the rest comes only when the first chunk has been read
        assert is_read.wait(5)
        connection.sendall(b"4\r\na@b\n\r\n0\r\n\r\n")

    is_read = threading.Event()
    wire = serve(send_slowly)
    with make_client(wire.url)[0].download("/a") as chunks:
        assert next(chunks) == b"Email\n"
        is_read.set()
        assert list(chunks) == [b"a@b\n"]


def test_a_download_that_is_cut_off_raises_after_what_arrived(serve: Serve) -> None:
    wire = serve(reply(b"x" * 70_000, "Content-Type: text/csv", length=200_000))
    received: list[bytes] = []
    download = make_client(wire.url)[0].download("/path/import/7/failed/export")
    with pytest.raises(NetworkError) as caught, download as chunks:
        received.extend(chunks)
    # the last piece was not complete
    assert b"".join(received) == b"x" * 65_536
    assert caught.value.message == (
        f"lost contact with {wire.url}/path/import/7/failed/export: the answer was cut off"
    )
    assert code_of(caught.value) == 1
    assert len(wire.requests) == 1


def test_netrc_replaces_the_token_neither_at_first_nor_after_a_redirect(
    serve: Serve, own_home: Path
) -> None:
    netrc = own_home / ".netrc"
    netrc.write_text("machine 127.0.0.1 login joe password netrc-secret\n")
    netrc.chmod(0o600)
    elsewhere = serve(reply(JSON))
    wire = serve(reply(b"", f"Location: {elsewhere.url}/b", status="302 Found"))
    make_client(wire.url)[0].get("/a")
    assert wire.header("Authorization") == f"Bearer {TOKEN}"
    assert elsewhere.header("Authorization") is None


def test_a_proxy_of_the_environment_is_used(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = serve(reply(JSON))
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    assert make_client("http://api.invalid")[0].get("/a").value == {"id": 1}
    assert proxy.line() == "GET http://api.invalid/a HTTP/1.1"
    assert proxy.header("Authorization") == f"Bearer {TOKEN}"


def test_no_proxy_keeps_a_host_away_from_the_proxy(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    wire = serve(reply(JSON))
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert make_client(wire.url)[0].get("/a").value == {"id": 1}


def test_proxies_are_read_once_for_each_host_and_again_after_a_failure(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    read: list[str] = []
    real = requests.sessions.get_environ_proxies

    def count(url: str, **settings: Any) -> Any:
        read.append(url.rpartition("/")[2])
        return real(url, **settings)

    monkeypatch.setattr(requests.sessions, "get_environ_proxies", count)
    # on a connection that is kept, the next request may come to its end first: a failure
    last = reply(JSON, "Connection: close")
    monkeypatch.setenv("HTTP_PROXY", serve(*[last] * 4, hang_up, last).url)
    session = make_session(BearerAuth(TOKEN))
    clients = [Client(session, f"http://{host}.invalid") for host in "ab"]
    for path in ("/1", "/2"):
        for client in clients:
            client.get(path)
    assert read == ["1", "1"]
    # it is sent twice
    clients[0].get("/3")
    assert read == ["1", "1", "3"]


def test_a_proxy_that_is_down_is_named_as_the_cause_and_its_password_is_not(
    monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://joe:proxy-secret@127.0.0.1:{closed_port}")
    with pytest.raises(NetworkError) as caught:
        make_client("http://api.invalid", tries=1)[0].post("/a", {})
    assert caught.value.message == (
        "cannot reach http://api.invalid/a: the proxy does not work (connection refused)"
    )
    assert caught.value.was_never_sent


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody has signed, with its key."""
    path = tmp_path_factory.mktemp("tls") / "self.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    )
    files = ["-keyout", str(path), "-out", str(path.with_suffix(".crt"))]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    with path.open("a") as file:
        file.write(path.with_suffix(".crt").read_text())
    return path


def tls_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_a_certificate_that_does_not_verify_is_final(serve: Serve, certificate: Path) -> None:
    wire = serve(reply(JSON), tls=tls_context(certificate))
    client, slept = make_client(wire.url)
    with pytest.raises(NetworkError) as caught:
        client.get("/a")
    assert caught.value.message == (
        f"the certificate of {wire.url}/a does not verify: self-signed certificate"
    )
    assert caught.value.hint == (
        "for a certificate authority of your own, set REQUESTS_CA_BUNDLE to its file"
    )
    assert (code_of(caught.value), caught.value.is_transient) == (1, False)
    assert wire.requests == []
    assert slept == []


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_openssl_s_names_for_a_certificate_authority_count_too(
    serve: Serve, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    hashed = ["openssl", "x509", "-in", str(certificate), "-noout", "-hash"]
    digest = subprocess.run(hashed, check=True, capture_output=True, text=True).stdout.strip()
    (tmp_path / f"{digest}.0").write_bytes(certificate.with_suffix(".crt").read_bytes())
    places = {"SSL_CERT_FILE": str(certificate), "SSL_CERT_DIR": f"/nowhere:{tmp_path}"}
    monkeypatch.setenv(name, places[name])
    wire = serve(reply(JSON), tls=tls_context(certificate))
    assert make_client(wire.url)[0].get("/a").value == {"id": 1}


def test_requests_name_for_a_certificate_authority_takes_precedence(
    serve: Serve, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    wire = serve(reply(JSON), tls=tls_context(certificate))
    assert make_client(wire.url)[0].get("/a").value == {"id": 1}


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_a_certificate_authority_that_is_not_there_is_named(
    serve: Serve, certificate: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "/nowhere/ca")
    wire = serve(reply(JSON), tls=tls_context(certificate))
    with pytest.raises(NetworkError) as caught:
        make_client(wire.url)[0].get("/a")
    assert caught.value.message == (
        f"cannot use {wire.url}/a: {name} names nothing that exists: /nowhere/ca"
    )
    assert not caught.value.is_transient


def test_a_socks_proxy_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5h://127.0.0.1:1080")
    with pytest.raises(NetworkError) as caught:
        make_client("http://api.invalid")[0].get("/a")
    assert caught.value.message == (
        "cannot use http://api.invalid/a: Missing dependencies for SOCKS support."
    )
    assert caught.value.hint == (
        "pip install '.[socks]' in the folder of the clone installs what a SOCKS proxy takes"
    )


def test_https_to_a_plain_port_is_told_as_a_failure_of_tls(serve: Serve) -> None:
    wire = serve(reply(b"", status="400 Bad Request"))
    url = f"https://127.0.0.1:{wire.port}"
    with pytest.raises(NetworkError) as caught:
        make_client(url, tries=1)[0].get("/a")
    assert caught.value.message.startswith(f"lost contact with {url}/a: TLS: ")


ANALYSIS = b'{"fileKey": "u/k", "headers": ["Email"], "columnMappings": []}'


def multipart(name: bytes, content: bytes, boundary: bytes) -> bytes:
    """Return the body of an upload, as the API wants it."""
    return b"".join(
        [
            b"--" + boundary + b"\r\n",
            b'Content-Disposition: form-data; name="file"; filename="' + name + b'"\r\n',
            b"Content-Type: text/csv\r\n\r\n",
            content + b"\r\n",
            b"--" + boundary + b"--\r\n",
        ]
    )


@pytest.mark.parametrize(
    ("name", "escaped"),
    [
        ("c.csv", b"c.csv"),
        ('q"u\no\rte.csv', b"q%22u%0Ao%0Dte.csv"),
        ("명단 é.csv", "명단 é.csv".encode()),
        ("book.xlsx", b"book.xlsx"),
        ("back\\slash.csv", b"back\\slash.csv"),
    ],
)
def test_an_upload_is_one_part_of_announced_length_with_an_escaped_name(
    serve: Serve, name: str, escaped: bytes
) -> None:
    wire = serve(reply(ANALYSIS))
    content = b"\xef\xbb\xbfEmail\r\na@b\r\n\xff"
    found = imports.analyze_file(make_client(wire.url)[0], BytesIO(content), len(content), name)
    assert found["fileKey"] == "u/k"
    body = wire.body
    content_type = wire.header("Content-Type") or ""
    assert content_type.startswith("multipart/form-data; boundary=")
    assert body == multipart(escaped, content, content_type.partition("=")[2].encode())
    assert wire.header("Content-Length") == str(len(body))
    assert wire.header("Transfer-Encoding") is None
    assert wire.line() == "POST /path/import/analyze HTTP/1.1"


def test_an_upload_begins_at_the_start_of_the_file_again_when_nobody_was_there(
    monkeypatch: pytest.MonkeyPatch, serve: Serve, closed_port: int
) -> None:
    wire = serve(reply(ANALYSIS))
    file = BytesIO(b"Email\na@b\n")
    file.seek(3)
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port}")
    slept: list[float] = []

    def sleep_until_the_proxy_is_up(seconds: float) -> None:
        slept.append(seconds)
        monkeypatch.setenv("HTTP_PROXY", wire.url)

    client = Client(
        make_session(BearerAuth(TOKEN)), "http://api.invalid", sleep=sleep_until_the_proxy_is_up
    )
    imports.analyze_file(client, file, 10, "c.csv")
    assert b"\r\n\r\nEmail\na@b\n\r\n" in wire.body
    assert len(slept) == 1


def test_an_upload_is_not_repeated_after_the_connection_broke(serve: Serve) -> None:
    wire = serve(hang_up, reply(ANALYSIS))
    client, slept = make_client(wire.url)
    with pytest.raises(NetworkError):
        imports.analyze_file(client, BytesIO(b"Email\n"), 6, "c.csv")
    assert len(wire.requests) == 1
    assert slept == []


def test_a_file_that_grows_while_it_is_sent_is_sent_as_it_was(serve: Serve) -> None:
    wire = serve(reply(ANALYSIS))
    imports.analyze_file(make_client(wire.url)[0], BytesIO(b"Email\na@b\nlater"), 10, "c.csv")
    assert b"\r\n\r\nEmail\na@b\n\r\n--" in wire.requests[0]


def test_a_file_that_shrinks_while_it_is_sent_is_an_error_of_the_file(serve: Serve) -> None:
    wire = serve(reply(ANALYSIS))
    with pytest.raises(UsageError) as caught:
        imports.analyze_file(make_client(wire.url)[0], BytesIO(b"Email\n"), 500_000, "c.csv")
    assert caught.value.message == "c.csv became shorter while it was sent"
