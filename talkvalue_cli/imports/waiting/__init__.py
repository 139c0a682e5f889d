"""Waiting for imports that a server works on."""
