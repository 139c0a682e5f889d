"""Submitting files so that each is imported once."""
