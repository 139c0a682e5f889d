"""Waiting for something that a server does in the background."""
