"""`python -m talkvalue_cli` does what the `talkvalue` command does."""

from talkvalue_cli.cli import run

run()
