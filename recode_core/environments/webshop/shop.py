"""The shop: products, their index and the goals, built from the data files once per process."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from recode_core.decoding import in_plain_words
from recode_core.environments.webshop import cache, search
from recode_core.environments.webshop.catalogue import Catalogue, Places, scan
from recode_core.environments.webshop.files import DataFiles, Signature, damaged, unreadable
from recode_core.environments.webshop.goals import (
    Attributes,
    HumanGoals,
    HumanInstruction,
    Kind,
    SampledGoals,
    ShoppingGoal,
)
from recode_core.environments.webshop.task_id import ShoppingTaskId
from recode_core.errors import UnknownTask
from recode_core.once import Once, once

T = TypeVar("T")


class Shop:
    """The data of the shop. They never change, so all worlds share one instance."""

    def __init__(self, files: DataFiles, catalogue: Catalogue, index: search.Index) -> None:
        self.catalogue = catalogue
        self.index = index
        self._files = files
        self._about = _read(files.attributes, dict[str, msgspec.Raw])
        self._human = once(self._read_human)
        self._sampled = once(self._sample)

    def attributes(self, asin: str) -> Attributes:
        """A product's attributes, the defaults if it has none. Raises EnvironmentUnavailable."""
        raw = self._about.get(asin)
        try:
            return msgspec.json.decode(raw, type=Attributes) if raw is not None else Attributes()
        except msgspec.DecodeError as error:
            raise damaged(self._files.attributes, f"{asin}: {in_plain_words(error)}") from error

    def goals(self, kind: Kind) -> Sequence[ShoppingGoal]:
        """The goals of a kind, in their fixed order."""
        return self._human() if kind == "human" else self._sampled()

    def goal(self, task: ShoppingTaskId) -> ShoppingGoal:
        """The goal of a task. Raises UnknownTask."""
        goals = self.goals(task.kind)
        if task.number >= len(goals):
            available = (
                f"{task.kind}:0 to {task.kind}:{len(goals) - 1}" if goals else f"no {task.kind} tasks at all"
            )
            raise UnknownTask(f"webshop has no task {str(task)!r}: with these data there are {available}")
        return goals[task.number]

    def _read_human(self) -> Sequence[ShoppingGoal]:
        instructions = _read(self._files.instructions, dict[str, list[HumanInstruction]])
        return HumanGoals(self.catalogue, instructions)

    def _sample(self) -> Sequence[ShoppingGoal]:
        return SampledGoals(self.catalogue, self.attributes)


def open_shop(files: DataFiles) -> Shop:
    """The shop of the files. Raises EnvironmentUnavailable if one is damaged or unreadable."""
    return _shop_of(files, files.signature)


def _open(files: DataFiles, signature: Signature) -> Shop:
    of_products = signature[0]
    found = cache.load(of_products)
    if found is None:
        places = Places()
        index = search.build(product.document for product in scan(files.products, places))
        cache.save(of_products, places, index)
    else:
        places, index = found
    return Shop(files, Catalogue(files.products, places), index)


_shop_of = Once(_open, most=1)


def _read(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except OSError as error:
        raise unreadable(path, error) from error
    except msgspec.DecodeError as error:
        raise damaged(path, in_plain_words(error)) from error
