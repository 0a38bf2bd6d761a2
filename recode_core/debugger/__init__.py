"""The debugger without a user interface: stepping, breakpoints, time travel, edits."""
