"""The engine of imports: files in, results out."""
