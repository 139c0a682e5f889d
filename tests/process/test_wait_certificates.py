"""TLS: what is a mistake ends a wait at once, what may pass does not."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import TOKEN, clean_environ, run_cli
from tests.process.stub_server import StubServer
from tests.replies import Reply, job

#: self-signed for localhost and 127.0.0.1, without an end that matters
CERTIFICATE = Path(__file__).with_name("localhost.pem")


@pytest.fixture
def https_port() -> Iterator[int]:
    """A port that speaks TLS with a certificate that nobody trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    try:
                        context.wrap_socket(connection, server_side=True).close()
                    except OSError:
                        continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@pytest.mark.parametrize("arguments", ["wait 7 --progress none", "get 7"])
def test_a_certificate_that_does_not_verify_is_an_error_at_once(
    https_port: int, tmp_path: Path, arguments: str
) -> None:
    url = f"https://127.0.0.1:{https_port}"
    environ = clean_environ(tmp_path, TALKVALUE_API_URL=url, TALKVALUE_TOKEN=TOKEN)
    done = run_cli("path", "import", *arguments.split(), environ=environ)
    assert (done.code, done.error["code"]) == (1, "NETWORK")
    assert done.error["message"].startswith(f"the certificate of {url}/path/import/7 does not ver")
    assert "REQUESTS_CA_BUNDLE" in done.error["hint"]


def test_a_handshake_that_fails_is_waited_out_like_any_lost_contact(tmp_path: Path) -> None:
    plain = StubServer(tmp_path, Reply(job("COMPLETED")))
    try:
        environ = plain.environ(TALKVALUE_API_URL=plain.url.replace("http:", "https:"))
        done = plain.run("path", "import", "wait", "7", "--retry-for=1s", environ=environ)
    finally:
        plain.stop()
    assert (done.code, done.error["code"]) == (8, "WAIT_LOST")
    assert "retrying in" in done.err
    assert "/path/import/7: TLS: wrong version number; import 7" in done.error["message"]
