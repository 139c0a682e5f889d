"""What is generated from the Click tree: the reference in README.md, and the manual page.

A tool of the developers, `python -m tests.reference [--check]`; it lives with the
tests, so that the program never loads it.
"""

from tests.reference.readme import README, fill
from tests.reference.tree import Block, Entry, read_help, walk_commands
from tests.reference.writing import main

__all__ = ["README", "Block", "Entry", "fill", "main", "read_help", "walk_commands"]
