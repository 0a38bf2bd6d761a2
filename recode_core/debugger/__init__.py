"""Stepping, breakpoints, time travel, changes: the debugger without a screen."""
