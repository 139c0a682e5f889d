"""Benchmarks of the program as whole processes: `make bench`, or `python -m tests.bench`."""
