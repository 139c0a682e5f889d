"""Exit codes and the errors that carry them."""

from __future__ import annotations

import pickle
import signal

import pytest

from talkvalue_cli import errors
from talkvalue_cli.errors import Interrupted, NetworkError, TalkValueError
from talkvalue_cli.exit_codes import ExitCode, code_of


@pytest.mark.parametrize(
    ("kind", "exit_code", "code", "csv_kind"),
    [
        (errors.TalkValueError, 1, "ERROR", "CliError"),
        (errors.UsageError, 2, "USAGE", "UsageError"),
        (errors.AuthError, 3, "AUTHENTICATION", "AuthError"),
        (errors.NotFoundError, 4, "NOT_FOUND", "NotFoundError"),
        (errors.ForbiddenError, 5, "FORBIDDEN", "ForbiddenError"),
        (errors.RefusedError, 1, "HTTP_ERROR", "CliError"),
        (errors.NetworkError, 1, "NETWORK", "CliError"),
        (errors.UnexpectedAnswerError, 1, "UNEXPECTED_ANSWER", "CliError"),
        (errors.LocalFileError, 1, "LOCAL_FILE", "CliError"),
    ],
)
def test_each_kind_of_failure_has_its_codes(
    kind: type[TalkValueError], exit_code: int, code: str, csv_kind: str
) -> None:
    error = kind("it broke")
    assert (code_of(error), error.code, error.kind) == (exit_code, code, csv_kind)
    assert str(error) == "it broke"


def test_exit_codes_are_the_documented_numbers() -> None:
    assert [int(code) for code in ExitCode] == [
        *(0, 1, 2, 3, 4, 5, 6, 7, 8, 124, 129, 130, 141, 143)
    ]


@pytest.mark.parametrize("code", list(ExitCode))
def test_every_exit_code_is_described_in_one_line(code: ExitCode) -> None:
    text = code.meaning
    assert text
    assert "\n" not in text
    assert not text.endswith(".")


def test_details_are_a_copy_so_that_errors_do_not_share_them() -> None:
    details = {"status": 400}
    error = TalkValueError("no", details=details)
    error.details["jobId"] = 7
    assert details == {"status": 400}


@pytest.mark.parametrize(
    "error",
    [
        NetworkError("lost contact", was_never_sent=True, hint="look"),
        errors.RefusedError("no", code="CONFLICT", details={"status": 409}, retry_after_s=2.0),
        errors.StoppedError("interrupted", 15, remedy=("run", "again")),
        errors.ProgramError("it failed", 127),
    ],
)
def test_an_error_is_the_same_in_another_process(error: TalkValueError) -> None:
    other = pickle.loads(pickle.dumps(error))
    assert (type(other), str(other)) == (type(error), str(error))
    assert vars(other) == vars(error)


def test_a_network_error_counts_as_transient_and_as_sent_unless_told_otherwise() -> None:
    error = NetworkError("lost contact")
    assert (error.is_transient, error.was_never_sent, error.is_disconnect) == (True, False, False)


@pytest.mark.parametrize(
    ("signum", "name", "exit_code"),
    [
        (signal.SIGINT, "SIGINT", 130),
        (signal.SIGTERM, "SIGTERM", 143),
        (signal.SIGHUP, "SIGHUP", 129),
    ],
)
def test_an_interruption_knows_its_name_and_the_code_of_the_shell(
    signum: int, name: str, exit_code: int
) -> None:
    interrupt = Interrupted(signum)
    assert (interrupt.name, code_of(interrupt)) == (name, exit_code)


def test_a_handler_of_failures_does_not_catch_an_interruption() -> None:
    with pytest.raises(Interrupted):
        try:
            raise Interrupted(signal.SIGINT)
        except Exception:  # noqa: BLE001 - what the test is about
            pytest.fail("it was taken for a failure")
