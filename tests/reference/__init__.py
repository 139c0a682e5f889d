"""What is generated from the program: the reference, parts of other topics, the manual page.

A tool of the developers, `python -m tests.reference [--check]`; it lives with the
tests, so that the program never loads it.
"""

from tests.reference.tree import Block, Entry, read_help, walk_commands
from tests.reference.writing import main

__all__ = ["Block", "Entry", "main", "read_help", "walk_commands"]
