"""Policies: who writes the code of an expansion."""
