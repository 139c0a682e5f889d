"""Imports: receiving and reading files, and the jobs that work through them."""
