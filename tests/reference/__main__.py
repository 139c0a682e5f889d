"""`python -m tests.reference [--check]`."""

import sys

from tests.reference.writing import main

sys.exit(main(sys.argv[1:]))
