"""The file of an import: opened, checked, mapped, uploaded."""
