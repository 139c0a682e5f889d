"""What goes wrong on purpose: its grammar, when it happens, and doing it."""
