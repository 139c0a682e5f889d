"""The groups below `talkvalue path`: a module each, found by its name, with its `group`.

A name that Python keeps for itself has an underscore behind it: `import_`.
"""
