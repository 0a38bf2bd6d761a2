"""The panels of the debugger's screen, a module each. Each draws a `Frame` and posts messages."""
