"""The connection of type `talkvalue`: token and server."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import BaseHook

from talkvalue_cli import connect
from talkvalue_cli.errors import AuthError, TalkValueError

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Connection

    from talkvalue_cli.transport.client import Client

DEFAULT_CONN_ID = "talkvalue_default"
#: nothing of the machine: no profile, no URL, no config folder
NO_SETTINGS = {"TALKVALUE_PROFILE": "", "HOME": os.devnull}


class TalkValueHook(BaseHook):
    """Access to TalkValue with a connection of Airflow.

    The password is the API token, the host the URL of the API (by default the one
    of the hosted service). What the environment or a config file of the machine says
    is not used: a task does the same on every worker.
    """

    conn_name_attr = "talkvalue_conn_id"
    default_conn_name = DEFAULT_CONN_ID
    conn_type = "talkvalue"
    hook_name = "TalkValue"

    def __init__(self, talkvalue_conn_id: str = DEFAULT_CONN_ID, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.talkvalue_conn_id = talkvalue_conn_id

    @classmethod
    def get_connection_form_widgets(cls) -> dict[str, Any]:
        """Return no widgets: the form is data, in the provider's description."""
        return {}

    def get_conn(self) -> Client:
        """Return access to the server; nothing is sent. Raises TalkValueError."""
        return make_client(self.get_connection(self.talkvalue_conn_id))

    async def aget_conn(self) -> Client:
        """Do the same from an event loop, without blocking it."""
        connection = await self.aget_connection(self.talkvalue_conn_id)
        return await asyncio.to_thread(make_client, connection)

    def find_page(self, job_id: int) -> str:
        """Return the URL at which people look at an import."""
        connection = self.get_connection(self.talkvalue_conn_id)
        page = connection.extra_dejson.get("import_url")
        if page:
            return str(page).replace("{id}", str(job_id))
        return f"{make_client(connection).base_url}/path/import/{job_id}"

    def test_connection(self) -> tuple[bool, str]:
        """Tell whether the server takes the token, for the button of that name."""
        try:
            client = self.get_conn()
            client.get("/auth/overview")
        except TalkValueError as error:
            return False, error.text
        return True, f"{client.base_url} takes the token"


def make_client(connection: Connection) -> Client:
    """Return access with the token and the URL of a connection. Raises TalkValueError."""
    if not connection.password:
        raise AuthError(
            f"connection {connection.conn_id} has no API token",
            hint="put it into the field for the password",
        )
    return connect(token=connection.password, api_url=_find_url(connection), environ=NO_SETTINGS)


def _find_url(connection: Connection) -> str | None:
    """Return the URL of the API, put together where Airflow has taken it apart."""
    host = connection.host
    if not host:
        return None
    if "://" in host:
        return f"{host}:{connection.port}" if connection.port else str(host)
    port = f":{connection.port}" if connection.port else ""
    return f"{connection.schema or 'https'}://{host}{port}"
