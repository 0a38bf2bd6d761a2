"""The ScienceWorld part of a prompt."""

from __future__ import annotations

from importlib.resources import files

from recode_core.environments.environment import Guide


def _text(name: str) -> str:
    return files("recode_core.environments.scienceworld").joinpath(name).read_text("utf-8")


GUIDE = Guide(
    actions=_text("actions.md"),
    examples=_text("examples.md"),
    react=_text("examples_react.md"),
    codeact=_text("examples_codeact.md"),
)
