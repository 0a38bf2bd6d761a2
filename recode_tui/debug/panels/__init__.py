"""The panels of the debugger's screen, one a module. Each draws a `Frame` and knows no other."""
