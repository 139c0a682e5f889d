"""`talkvalue api`: any endpoint, with our token and nothing else added."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
import requests
import responses

from talkvalue_cli import cli
from talkvalue_cli.errors import Interrupted
from tests.fakes import FakeRuntime
from tests.unit.commands.command_line import Done, run

API = "https://api.test/base"
TOKEN = "token-of-this-test"
ENVIRON = {"TALKVALUE_TOKEN": TOKEN, "TALKVALUE_API_URL": API}


def call(*arguments: str, **settings: Any) -> Done:
    return run("api", *arguments, environ=ENVIRON, **settings)


def test_answer_is_passed_on_byte_for_byte(mock: responses.RequestsMock) -> None:
    body = '{"b": 1.10,  "a":"Zoë"}\r\n'
    mock.get(f"{API}/path/thing", body=body, content_type="application/json")
    assert call("get", "path/thing") == (0, body, "")
    assert mock.calls[0].request.headers["Authorization"] == f"Bearer {TOKEN}"


def test_json_is_laid_out_on_a_terminal_and_nothing_else_is(mock: responses.RequestsMock) -> None:
    mock.get(f"{API}/j", body='{"b":1,"a":[]}', content_type="application/problem+json")
    mock.get(f"{API}/c", body="id,name\r\n1,x\r\n", content_type="text/csv")
    mock.get(f"{API}/broken", body='{"b":', content_type="application/json")
    assert call("GET", "/j", is_terminal=True)[1] == '{\n  "b": 1,\n  "a": []\n}\n'
    assert call("GET", "/c", is_terminal=True)[1] == "id,name\r\n1,x\r\n"
    assert call("GET", "/broken", is_terminal=True)[1] == '{"b":'


def test_empty_answer_prints_nothing(mock: responses.RequestsMock) -> None:
    mock.delete(f"{API}/path/tag/7", status=204)
    assert call("DELETE", "/path/tag/7") == (0, "", "")
    request = mock.calls[0].request
    assert (request.body, request.headers.get("Content-Type")) == (None, None)


def test_fields_of_a_get_are_its_query_in_order(
    mock: responses.RequestsMock, tmp_path: Path
) -> None:
    mock.get(re.compile(re.escape(f"{API}/path/person")), body="[]")
    (tmp_path / "name").write_text("Müller & Co", encoding="utf-8")
    typed = ["-F", "pageSize=5", "-F", "flag=true", "-F", f"companyName=@{tmp_path}/name"]
    code, _, _ = call(
        "GET", "/path/person?x=a%20b&y=", "-f", "eventId=1", "-f", "eventId=2", *typed
    )
    assert code == 0
    assert mock.calls[0].request.url == (
        f"{API}/path/person?x=a+b&y=&eventId=1&eventId=2&pageSize=5&flag=true"
        "&companyName=M%C3%BCller+%26+Co"
    )


@pytest.mark.parametrize(
    ("arguments", "body"),
    [
        (["-f", "n=1", "-f", "t=true"], {"n": "1", "t": "true"}),
        (["-F", "n=1", "-F", "f=-2.5e3", "-F", "t=true"], {"n": 1, "f": -2500.0, "t": True}),
        (["-F", "no=false", "-F", "nil=null", "-F", "s=01"], {"no": False, "nil": None, "s": "01"}),
        (["-f", "phones[]=1", "-f", "phones[]=2"], {"phones": ["1", "2"]}),
        (["-F", "phones[]"], {"phones": []}),
        (
            ["-f", "a[b]=1", "-F", "a[c][d]=2", "-F", "a[e][]=3"],
            {"a": {"b": "1", "c": {"d": 2}, "e": [3]}},
        ),
        (["-f", "url=a=b"], {"url": "a=b"}),
    ],
)
def test_fields_of_a_write_are_its_json_body(
    mock: responses.RequestsMock, arguments: list[str], body: object
) -> None:
    mock.post(f"{API}/path/tag", body="{}")
    assert call("POST", "/path/tag", *arguments)[0] == 0
    request = mock.calls[0].request
    assert json.loads(request.body or b"") == body
    assert request.headers["Content-Type"] == "application/json"


def test_standard_input_can_be_a_field(mock: responses.RequestsMock) -> None:
    mock.patch(f"{API}/x", body="{}")
    assert call("PATCH", "/x", "-F", "note=@-", stdin="Grüße\n")[0] == 0
    assert json.loads(mock.calls[0].request.body or b"") == {"note": "Grüße\n"}


def test_input_is_sent_as_it_is_and_fields_go_to_the_query(
    mock: responses.RequestsMock, tmp_path: Path
) -> None:
    sent = []

    def answer(request: Any) -> tuple[int, dict[str, str], str]:
        sent.append((request.url, request.body, dict(request.headers)))
        return 200, {}, "{}"

    mock.add_callback(responses.PUT, re.compile(re.escape(f"{API}/x")), answer)
    path = tmp_path / "body"
    path.write_bytes(b"\xff\x00 not JSON")
    assert call("PUT", "/x", "--input", str(path), "--content-type", "a/b", "-f", "q=1")[0] == 0
    assert call("PUT", "/x", "--input", "-", stdin='{"a": 1}')[0] == 0
    (url, body, headers), (_, from_stdin, default) = sent
    assert (url, body) == (f"{API}/x?q=1", b"\xff\x00 not JSON")
    assert (headers["Content-Type"], headers["Content-Length"]) == ("a/b", "11")
    assert (from_stdin, default["Content-Type"]) == (b'{"a": 1}', "application/json")


def test_include_prints_status_and_headers_first(mock: responses.RequestsMock) -> None:
    mock.get(f"{API}/x", body="[1]", headers={"X-Total": "1"}, content_type="text/x")
    code, out, _ = call("GET", "/x", "-i")
    head, _, body = out.partition("\n\n")
    assert (code, body) == (0, "[1]")
    assert head.split("\n")[0] == "HTTP/1.1 200 OK"
    assert "X-Total: 1" in head.split("\n")


def test_output_goes_to_a_file_that_is_not_replaced(
    mock: responses.RequestsMock, tmp_path: Path
) -> None:
    mock.get(f"{API}/x", body=b"\xef\xbb\xbfid\r\n")
    target = tmp_path / "answer"
    assert call("GET", "/x", "-o", str(target)) == (0, "", "")
    assert target.read_bytes() == b"\xef\xbb\xbfid\r\n"
    code, out, err = call("GET", "/x", "-o", str(target))
    assert (code, out, json.loads(err)["error"]["code"], len(mock.calls)) == (
        2,
        "",
        "FILE_EXISTS",
        1,
    )


def test_get_is_repeated_and_a_write_is_sent_once(mock: responses.RequestsMock) -> None:
    mock.get(f"{API}/x", status=503)
    mock.post(f"{API}/x", status=503)
    assert call("GET", "/x")[0] == 1
    assert len(mock.calls) == 3
    code, _, err = call("POST", "/x", "-f", "a=1")
    assert (code, len(mock.calls)) == (1, 4)
    assert "it may have happened all the same" in json.loads(err)["error"]["hint"]


def test_a_write_that_is_stopped_may_have_happened(mock: responses.RequestsMock) -> None:
    def stop(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        raise Interrupted(15)

    mock.add_callback("POST", f"{API}/x", stop)
    mock.add_callback("GET", f"{API}/x", stop)
    code, out, err = call("POST", "/x", "-f", "a=1")
    assert (code, out, json.loads(err)["error"]["code"]) == (143, "", "UNCERTAIN")
    assert json.loads(err)["error"]["hint"].startswith(
        "it may have happened all the same; check before"
    )
    assert call("GET", "/x") == (143, "", "")


def test_a_body_that_cannot_be_read_is_a_usage_error(mock: responses.RequestsMock) -> None:
    context = FakeRuntime(environ=ENVIRON)
    context.stdin = io.TextIOWrapper(io.BufferedWriter(io.BytesIO()))  # open for writing only
    assert cli.main(["api", "POST", "/x", "--input", "-"], context) == 2
    error = json.loads(context.fake_stderr.text)["error"]
    assert error["message"].startswith("cannot read standard input: ")
    assert len(mock.calls) == 0


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("https://evil.test/path", "name the path alone, such as /path"),
        ("HTTPS:evil.test", "name the path alone"),
        ("//evil.test/x", "name the path alone, such as /x"),
        ("/path/../../x", "has a segment . or .. in it"),
        ("/path/%2e%2E/x", "has a segment . or .. in it"),
        ("/path/./x", "has a segment . or .. in it"),
        ("/x#y", "is not a path"),
        ("/x\\y", "is not a path"),
        ("/x y", "is not a path"),
        ("/x\r\nHost:y", "is not a path"),
        ("", "is not a path"),
    ],
)
def test_path_that_could_lead_elsewhere_is_refused(
    mock: responses.RequestsMock, path: str, message: str
) -> None:
    code, out, err = call("GET", path)
    assert (code, out, len(mock.calls)) == (2, "", 0)
    assert message in json.loads(err)["error"]["message"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["FETCH", "/x"], "'FETCH' is not one of GET, POST, PUT, PATCH, DELETE"),
        (["GET", "/x", "-f", "name"], "'name' is not KEY=VALUE"),
        (["GET", "/x", "-f", "=1"], "'' is not a key"),
        (["POST", "/x", "-f", "a]=1"], "'a]' is not a key"),
        (["POST", "/x", "-f", "a[][b]=1"], "'a[][b]': [] stands at the end only"),
        (["GET", "/x", "-f", "ids[]=1"], "'ids[]' is not a query parameter of this API"),
        (["POST", "/x", "-f", "a=1", "-F", "a=2"], "'a' is given twice"),
        (["POST", "/x", "-f", "a=1", "-f", "a[b]=2"], "'a[b]' does not go with the other fields"),
        (["POST", "/x", "-f", "a[]=1", "-f", "a[b]=2"], "'a[b]' does not go with the other"),
        (["POST", "/x", "-F", "a=@no-such-file"], "cannot read 'no-such-file': No such file"),
        (["POST", "/x", "-F", "a=1e999"], "the number 1e999 is too large"),
        (["GET", "/x", "-F", "a=-1e999"], "the number -1e999 is too large"),
        (["POST", "/x", "-F", f"a={'9' * 5000}"], f"the number {'9' * 20}... is too large"),
        (["GET", "/x", "--input", "-"], "a GET has no body"),
        (["POST", "/x", "--input", "no-such-file"], "file not found: no-such-file"),
        (["POST", "/x", "--content-type", "a/b"], "--content-type is for --input"),
        (["POST", "/x", "--input", "-", "-F", "a=@-"], "standard input can be read only once"),
        (["GET", "/x", "-i", "-o", "f"], "--include and --output exclude each other"),
    ],
)
def test_wrong_call_is_a_usage_error_and_nothing_is_sent(
    mock: responses.RequestsMock, arguments: list[str], message: str
) -> None:
    code, out, err = call(*arguments, stdin="{}")
    assert (code, out, len(mock.calls)) == (2, "", 0)
    assert message in json.loads(err)["error"]["message"]


def test_format_changes_nothing_and_says_so(mock: responses.RequestsMock) -> None:
    mock.get(f"{API}/x", body="[]")
    code, out, err = call("GET", "/x", "--format", "csv")
    assert (code, out) == (0, "[]")
    assert "--format and --json change nothing" in err


def test_without_a_token_nothing_is_sent(mock: responses.RequestsMock) -> None:
    context = FakeRuntime(["api", "GET", "/x"], {"TALKVALUE_API_URL": API})
    assert cli.main(["api", "GET", "/x"], context) == 3
    assert len(mock.calls) == 0
