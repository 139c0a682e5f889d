"""The button of a task that leads to its import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.providers.common.compat.sdk import BaseOperatorLink, XCom

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import BaseOperator, TaskInstanceKey

#: under which the operator and the sensor leave the URL
XCOM_KEY = "talkvalue_import_url"


class TalkValueImportLink(BaseOperatorLink):
    """Leads to the page of the import, as the connection says where that is."""

    name = "TalkValue import"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        """Return the URL, empty as long as there is no import."""
        return str(XCom.get_value(key=XCOM_KEY, ti_key=ti_key) or "")
