"""Shopping goals: those that people described, and those that WebShop generates from its attributes.

Order and splits are WebShop's: all goals of a kind in the order of the products, shuffled with the seed 233
(web_agent_text_env.py, SimServer); the first 500 are for test, 1,000 for eval, the rest for train
(baseline_models/env.py, WebEnv). WebShop draws prices without a seed; here each goal has a seed of its own.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from random import Random
from typing import Literal

import msgspec

from recode_core.environments.webshop.catalogue import Catalogue
from recode_core.environments.webshop.product import Product

Kind = Literal["human", "sampled"]
_SEED = 233
_NO_LIMIT = 1_000_000.0
_LIMITS = [10.0 * tens for tens in range(1, 100)]  # US dollars


class Attributes(msgspec.Struct, frozen=True):
    """A product's attributes in WebShop's files, and an instruction that asks for some of them."""

    attributes: tuple[str, ...] = ("DUMMY_ATTR",)
    instruction: str | None = None
    instruction_attributes: tuple[str, ...] | None = None


class HumanInstruction(msgspec.Struct, frozen=True):
    """An instruction that a person wrote."""

    instruction: str
    instruction_attributes: tuple[str, ...]
    instruction_options: tuple[str, ...]


class ShoppingGoal(msgspec.Struct, frozen=True):
    """The goal to buy a product like `asin` for at most `limit` US dollars.

    `options` are the wanted values; a sampled goal also has their `option_names`.
    """

    asin: str
    instruction: str
    attributes: tuple[str, ...]
    options: tuple[str, ...]
    limit: float
    option_names: tuple[str, ...] = ()


class HumanGoals(Sequence[ShoppingGoal]):
    """The goals that people described."""

    def __init__(self, catalogue: Catalogue, instructions: dict[str, list[HumanInstruction]]) -> None:
        self._goals = [
            _human(catalogue[asin], human, number)
            for asin in catalogue.places.asins
            for number, human in enumerate(instructions.get(asin, ()))
            if human.instruction_attributes
        ]
        Random(_SEED).shuffle(self._goals)

    def __len__(self) -> int:
        return len(self._goals)

    def __getitem__(self, number: int) -> ShoppingGoal:  # type: ignore[override]
        return self._goals[number]


class SampledGoals(Sequence[ShoppingGoal]):
    """A goal for each combination of options of each product with an instruction, generated on access."""

    def __init__(self, catalogue: Catalogue, attributes: Callable[[str], Attributes]) -> None:
        self._catalogue, self._attributes = catalogue, attributes
        places = catalogue.places
        counts = [
            combinations if attributes(asin).instruction_attributes and attributes(asin).instruction else 0
            for asin, combinations in zip(places.asins, places.combinations, strict=True)
        ]
        self._ends = array("q", accumulate(counts))
        self._order = array("q", range(self._ends[-1]))
        Random(_SEED).shuffle(self._order)

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, number: int) -> ShoppingGoal:  # type: ignore[override]
        place = self._order[number]
        product_number = bisect_right(self._ends, place)
        product = self._catalogue.at(product_number)
        first = self._ends[product_number] - product.combinations
        return _sampled(product, self._attributes(product.asin), place - first)


def _human(product: Product, human: HumanInstruction, number: int) -> ShoppingGoal:
    limit = _limit(product, f"limit of {product.asin} {number}")
    text = human.instruction.strip(".") + _price_clause(limit)
    return ShoppingGoal(product.asin, text, human.instruction_attributes, human.instruction_options, limit)


def _sampled(product: Product, about: Attributes, combination: int) -> ShoppingGoal:
    """The goal of one combination, numbered as in nested loops over the sorted names, the last innermost."""
    chosen: dict[str, str] = {}
    for name in sorted(product.options, reverse=True):
        combination, at = divmod(combination, len(product.options[name]))
        chosen = {name: product.options[name][at], **chosen}
    limit = _limit(product, f"limit of {product.asin}")
    options = ", and ".join(f"{name}: {value}" for name, value in chosen.items())
    instruction = f"{about.instruction}{' with ' if options else ''}{options}{_price_clause(limit)}"
    attributes, names = about.instruction_attributes or (), tuple(chosen)
    return ShoppingGoal(product.asin, instruction, attributes, tuple(chosen.values()), limit, names)


def _limit(product: Product, seed: str) -> float:
    """The larger of two random limits among the next four above the price, in US dollars."""
    price = product.price
    above = [limit for limit in _LIMITS if limit > price][:4]
    return max(Random(seed).sample(above, 2)) if len(above) > 1 else _NO_LIMIT


def _price_clause(limit: float) -> str:
    return "" if limit == _NO_LIMIT else f", and price lower than {limit:.2f} dollars"
