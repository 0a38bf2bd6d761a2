"""Task ids: `human:7`, `sampled:7`, `human:7:attributes`."""

from __future__ import annotations

import math
import re
from typing import get_args

import msgspec

from recode_core.environments.environment import TaskTraits
from recode_core.environments.webshop.goals import Kind
from recode_core.errors import UnknownTask

KINDS: tuple[Kind, ...] = get_args(Kind)
SPLITS: dict[str, tuple[int, int | None]] = {"test": (0, 500), "eval": (500, 1500), "train": (1500, None)}
"""The first number and the end of each split, for either kind, as in WebShop's baseline_models/env.py."""


class ShoppingTaskId(msgspec.Struct, frozen=True):
    """A goal by its kind and number, and whether the shop shows the products' attributes."""

    kind: Kind
    number: int
    has_attributes: bool = False

    def __str__(self) -> str:
        return f"{self.kind}:{self.number}" + (":attributes" if self.has_attributes else "")


def parse(task_id: str) -> ShoppingTaskId:
    """Parse a task's id. Raises UnknownTask."""
    match = re.fullmatch(r"([a-z]+):([0-9]{1,18})(:attributes)?", task_id)
    kind = next((kind for kind in KINDS if match and kind == match[1]), None)
    if match is None or kind is None:
        raise UnknownTask(
            f"webshop has no task {task_id!r}: write human:NUMBER or sampled:NUMBER, such as human:0 (NUMBER "
            "is a whole number from 0), and :attributes after it for a shop that shows products' attributes"
        )
    return ShoppingTaskId(kind, int(match[2]), match[3] is not None)


def traits_of(task_id: str) -> TaskTraits:
    """The traits of a task, without the product's category, which the id doesn't contain; empty for an
    invalid id. The ReCode paper has human goals only."""
    try:
        task = parse(task_id)
    except UnknownTask:
        return TaskTraits()
    splits = SPLITS.items()
    split = next(
        name for name, (first, end) in splits if first <= task.number and task.number < (end or math.inf)
    )
    return TaskTraits("", split, in_paper=task.kind == "human" and not task.has_attributes)
