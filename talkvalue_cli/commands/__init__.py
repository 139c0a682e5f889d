"""The commands, one module for each group, named as the user types it."""
