"""`talkvalue path company`: what the domains of e-mail addresses tell."""

from __future__ import annotations

from functools import partial

import click

from talkvalue_cli.api import companies, people
from talkvalue_cli.api.people import Filters
from talkvalue_cli.commands.base import Group
from talkvalue_cli.commands.options import confirm, export
from talkvalue_cli.commands.options.groups import with_option, with_word_option
from talkvalue_cli.commands.options.names import COMPANY
from talkvalue_cli.commands.options.paging import Paging, paging_options, print_list
from talkvalue_cli.commands.options.people import people_filters
from talkvalue_cli.commands.options.types import Text
from talkvalue_cli.commands.tables.people import print_people
from talkvalue_cli.context import AppContext
from talkvalue_cli.output.columns import Column

COLUMNS = (
    Column("ID", "id"),
    Column("Domain", "domain", can_shrink=True),
    Column("Display Name", "displayName", can_shrink=True),
    Column("People", "peopleCount", is_right=True),
)


@click.group("company", cls=Group)
def group() -> None:
    """Work with companies, made of the domains of e-mail addresses.

    Example:
      talkvalue path company list
    """


@group.command("list")
@with_option("--keyword", "Only those with this in domain or display name.")
@paging_options
def list_command(context: AppContext, keyword: str | None, paging: Paging) -> None:
    """List companies.

    Examples:
      talkvalue path company list --keyword example
      talkvalue path company list --all --format csv
    """
    load = partial(companies.list_companies, context.client, keyword)
    print_list(context, load, paging, COLUMNS, empty="There are no such companies here.")


@group.command("get")
@click.argument("company_id", metavar="NAME-OR-ID", type=COMPANY)
def get_command(context: AppContext, company_id: int) -> None:
    """Show one company.

    Example:
      talkvalue path company get 1
    """
    context.output.record(companies.get_company(context.client, company_id))


@group.command("update")
@click.argument("company_id", metavar="NAME-OR-ID", type=COMPANY)
@with_word_option(
    "--display-name", "What the company is called.", "NAME", required=True, type=Text()
)
def update_command(context: AppContext, company_id: int, display_name: str) -> None:
    """Change the name that a company is shown with.

    Example:
      talkvalue path company update 1 --display-name "Example Ltd"
    """
    with confirm.telling_uncertainty(context, "path", "company", "get", str(company_id)):
        renamed = companies.rename_company(context.client, company_id, display_name=display_name)
    context.output.record(renamed)


@group.group("person")
def person_group() -> None:
    """Work with the people of a company.

    Example:
      talkvalue path company person list 1
    """


@person_group.command("list")
@click.argument("company_id", metavar="NAME-OR-ID", type=COMPANY)
@people_filters(without="company_id")
@paging_options
def list_people_command(
    context: AppContext, company_id: int, filters: Filters, paging: Paging
) -> None:
    """List the people of a company.

    Example:
      talkvalue path company person list 1 --sort name:asc --page-size 5
    """
    load = partial(people.list_people, context.client, f"/company/{company_id}", filters)
    print_people(context, load, paging, empty="There are no such people in this company.")


@person_group.command("export")
@click.argument("company_id", metavar="NAME-OR-ID", type=COMPANY)
@export.export_options
def export_people_command(context: AppContext, company_id: int, target: export.Target) -> None:
    """Fetch all people of a company as CSV.

    Example:
      talkvalue path company person export 1 -o company.csv
    """
    export.export(context, target, people.export_people, f"/company/{company_id}")
