"""The household part of a prompt: for each kind of task, examples of its plan and of the plan's steps."""

from __future__ import annotations

from importlib.resources import files

from recode_core.environments.environment import Guide
from recode_core.environments.household.task_id import KINDS


def _text(*path: str) -> str:
    return files("recode_core.environments.household").joinpath(*path).read_text("utf-8")


def _examples(kind: str) -> str:
    """The plan for a kind of task, and the steps that it shares with other kinds."""
    steps = ("find_and_take",) if kind == "examine" else ("find_and_take", "put_object")
    plan = _text("examples", f"{kind}.md")
    return "\n".join([plan, *(_text("examples", "steps", f"{step}.md") for step in steps)])


GUIDE = Guide(
    actions=_text("actions.md"),
    examples=_examples("heat"),
    react=_text("examples_react.md"),
    codeact=_text("examples_codeact.md"),
    kinds={kind: _examples(kind) for kind in KINDS},
)
