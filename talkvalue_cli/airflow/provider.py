"""What Airflow asks a provider for: its connection type, as data, and where its classes are."""

from __future__ import annotations

from typing import Any

from talkvalue_cli import __version__

_ROOM = "talkvalue_cli.airflow"


def get_provider_info() -> dict[str, Any]:
    """Return it as `provider_info.schema.json` of Airflow describes it.

    The connection's form is data, so that the web server need not import the hook.
    """
    integration = "TalkValue"
    return {
        "package-name": "talkvalue-cli",
        "name": integration,
        "description": "Import contacts in bulk into TalkValue, each file once.",
        "versions": [__version__],
        "integrations": [{"integration-name": integration, "tags": ["service"]}],
        "operators": [
            {"integration-name": integration, "python-modules": [f"{_ROOM}.operator"]},
        ],
        "sensors": [{"integration-name": integration, "python-modules": [f"{_ROOM}.sensor"]}],
        "hooks": [{"integration-name": integration, "python-modules": [f"{_ROOM}.hook"]}],
        "triggers": [{"integration-name": integration, "python-modules": [f"{_ROOM}.trigger"]}],
        "extra-links": [f"{_ROOM}.links.TalkValueImportLink"],
        "connection-types": [
            {
                "connection-type": "talkvalue",
                "hook-class-name": f"{_ROOM}.hook.TalkValueHook",
                "hook-name": integration,
                "ui-field-behaviour": {
                    "hidden-fields": ["schema", "login", "port"],
                    "relabeling": {"password": "API token", "host": "API URL"},
                    "placeholders": {
                        "host": "https://api.trytalkvalue.com",
                        "password": "from the dashboard settings",
                    },
                },
                "conn-fields": {
                    "import_url": {
                        "label": "Page of an import",
                        "description": "Where people look at an import; {id} is its number. "
                        "Without it the link leads to the record in the API.",
                        "schema": {"type": ["string", "null"]},
                    },
                },
            }
        ],
    }
