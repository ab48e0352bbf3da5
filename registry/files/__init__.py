"""The import kernel: reading files of the world, checking them, and loading them as one transaction and one entry.

`source` reads a file and says what it looks like; `table` takes its lines apart; `report` holds what an import found
and did; `importing.run` is the one way in; `command.ImportCommand` is the face at the command line.
"""
