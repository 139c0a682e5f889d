"""One module per resource, each with a function that makes its blueprint."""
