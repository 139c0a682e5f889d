"""Sample data: the same for the same seed."""
