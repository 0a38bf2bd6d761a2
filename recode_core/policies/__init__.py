"""Policies: models, people and programs that write the code of expansions."""
