"""The manual page: valid roff, with every command and option in it."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from tests import reference
from tests.reference import documents, manpage, roff

ENTRIES = list(reference.walk_commands())
PAGE = manpage.write_page((documents.ROOT / documents.ENVIRONMENT).read_text("utf-8"))


def plain(text: str) -> str:
    """Return roff as a reader sees it, as far as it matters here."""
    text = re.sub(r"\\f[BIR]|\\&", "", text)
    for escape, sign in (
        (r"\-", "-"),
        (r"\(aq", "'"),
        (r"\(ga", "`"),
        (r"\(dq", '"'),
        (r"\e", "\\"),
    ):
        text = text.replace(escape, sign)
    return text


def test_page_has_its_sections_in_the_usual_order() -> None:
    titles = re.findall(r'^\.SH "(.+)"$', PAGE, re.M)
    assert titles[:3] == ["NAME", "SYNOPSIS", "DESCRIPTION"]
    assert titles[-3:] == ["COMMANDS", "EXIT STATUS", "ENVIRONMENT"]
    assert "\ntalkvalue \\- work with TalkValue from the command line\n" in PAGE


def test_page_has_every_command_and_option() -> None:
    text = plain(PAGE)
    for entry in ENTRIES:
        assert reference.read_help(entry.command)[0].text.replace("`", "") in text
        if entry.path != "talkvalue":
            assert f'.SS "{entry.path} ' in text
        for param in entry.command.params:
            record = (
                param.get_help_record(entry.context) if isinstance(param, click.Option) else None
            )
            if record is not None:
                # -o is the file where one is written
                line = "-o, --format FORMAT" if param.name == "format" else record[0]
                assert f"\n.TP\n{line}\n" in text, (entry.path, record[0])


def test_page_has_exit_codes_and_environment() -> None:
    text = plain(PAGE)
    assert "\n.TP\n124\nTimed out; the import keeps running, do not create again.\n" in text
    assert "\n.TP\nTALKVALUE_TOKEN\nAn API token, which takes precedence over every" in text
    assert (
        "\n.TP\nHTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY\nProxies, and the hosts that are"
        in text
    )


def test_page_is_understood_without_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "talkvalue.1"
    path.write_text(PAGE, "utf-8")
    # plain text reaches every reader; and no line is a request that man(7) does not have
    assert PAGE.isascii()
    requests = set(re.findall(r"^[.'](\S+)", PAGE, re.M))
    assert requests <= {
        '\\"',
        "TH",
        "nh",
        "nr",
        "ad",
        "SH",
        "SS",
        "PP",
        "TP",
        "EX",
        "EE",
        "RS",
        "RE",
    }
    for tool in (["groff", "-man", "-ww", "-Tutf8"], ["mandoc", "-Tlint", "-Werror"]):
        if shutil.which(tool[0]):
            done = subprocess.run([*tool, path], capture_output=True, text=True, check=False)
            assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        (".SH is no request", "\\&.SH is no request"),
        ("'tis none either", "\\(aqtis none either"),
        ("--json \\ `x`", "\\-\\-json \\e \\(gax\\(ga"),
        ("Zoë … ~^", "Zo\\[u00EB] \\[u2026] \\(ti\\(ha"),
    ],
)
def test_text_stands_for_itself(text: str, escaped: str) -> None:
    assert roff.escape(text) == escaped


def test_page_is_installed_where_man_looks() -> None:
    config = configparser.ConfigParser()
    config.read(documents.ROOT / "setup.cfg")
    assert config["options.data_files"]["share/man/man1"] == "talkvalue_cli/man/talkvalue.1"
    assert "man/talkvalue.1" in config["options.package_data"]["talkvalue_cli"]
    assert Path("talkvalue_cli/man/talkvalue.1") == documents.PAGE
