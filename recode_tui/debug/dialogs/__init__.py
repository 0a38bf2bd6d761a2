"""Dialogs of the debugger: values in, a value out. None of them knows the engine."""
