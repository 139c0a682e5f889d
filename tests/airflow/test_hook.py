"""The connection: as data for the form, and as access to a server."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import airflow
import jsonschema
import pytest
from airflow.providers_manager import ProvidersManager
from airflow.sdk.providers_manager_runtime import ProvidersManagerTaskRuntime

from talkvalue_cli.airflow.hook import TalkValueHook
from talkvalue_cli.airflow.provider import get_provider_info
from tests.harness import TOKEN, Sandbox

CONNECT = Callable[..., None]


def test_the_provider_is_described_as_airflow_wants_it() -> None:
    found = [each.load() for each in entry_points(group="apache_airflow_provider")]
    assert get_provider_info in found
    schema = Path(airflow.__file__).parent / "provider_info.schema.json"
    jsonschema.validate(get_provider_info(), json.loads(schema.read_text()))


def test_airflow_knows_the_connection_type_and_the_link() -> None:
    hook = ProvidersManagerTaskRuntime().hooks["talkvalue"]
    assert hook is not None
    assert (hook.hook_name, hook.package_name) == ("TalkValue", "talkvalue-cli")
    manager = ProvidersManager()
    assert "talkvalue_cli.airflow.links.TalkValueImportLink" in manager.extra_links_class_names
    behaviour = manager.field_behaviours["talkvalue"]
    assert behaviour["relabeling"] == {"password": "API token", "host": "API URL"}


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://api.example.com", "http://api.example.com"),
        ("api.example.com", "https://api.example.com"),
        ("", "https://api.trytalkvalue.com"),
    ],
)
def test_the_host_may_be_a_url_a_name_or_nothing(host: str, url: str, connect_to: CONNECT) -> None:
    connect_to(host)
    assert TalkValueHook().get_conn().base_url == url


def test_a_uri_that_airflow_takes_apart_is_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_OTHER", "talkvalue://http://:token@localhost:8080")
    assert TalkValueHook("other").get_conn().base_url == "http://localhost:8080"


def test_what_the_machine_says_does_not_count(
    connect_to: CONNECT, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TALKVALUE_API_URL", "https://elsewhere.example.com")
    monkeypatch.setenv("TALKVALUE_PROFILE", "ada")
    connect_to("")
    client = TalkValueHook().get_conn()
    assert (client.base_url, client.profile) == ("https://api.trytalkvalue.com", "")


def test_a_connection_is_tested_by_asking(
    start_sandbox: Callable[..., Sandbox], connect_to: CONNECT
) -> None:
    sandbox = start_sandbox()
    connect_to(sandbox.url)
    assert TalkValueHook().test_connection() == (True, f"{sandbox.url} takes the token")
    connect_to(sandbox.url, token="wrong")
    is_good, message = TalkValueHook().test_connection()
    assert not is_good and "401" in message
    connect_to("http://127.0.0.1:9")
    is_good, message = TalkValueHook().test_connection()
    assert not is_good and TOKEN not in message


def test_the_page_of_an_import_is_where_the_connection_says(connect_to: CONNECT) -> None:
    connect_to("https://api.example.com")
    assert TalkValueHook().find_page(7) == "https://api.example.com/path/import/7"
    connect_to("https://api.example.com", import_url="https://example.com/imports/{id}")
    assert TalkValueHook().find_page(7) == "https://example.com/imports/7"
