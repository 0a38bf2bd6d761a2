"""What a purchase is worth, as WebShop's paper (arXiv 2207.01206) and code (engine/goal.py) have it.

Of the wanted attributes, options and the price, the part that is met, times a factor for the type of product.
Where WebShop's code compares the nouns of two titles, which takes a language model, here are words without
stop words; where it compares an option of a sampled goal together with its name, so that some goals can't be
reached, here is the value alone, as with the goals of people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from recode_core.environments.webshop.goals import Goal
from recode_core.environments.webshop.product import Product

_ALIKE = 85  # of 100
_NO_WORDS = 0.2
_COLOUR_WORDS = (
    "alabaster apricot aqua ash asphalt azure banana beige black blue blush bordeaux bronze brown "
    "burgundy camel camo caramel champagne charcoal cheetah chestnut chocolate christmas coffee cognac "
    "copper coral cranberry cream crystal dark denim eggplant elephant espresso fuchsia gold granite "
    "grape graphite grass gray green grey heather indigo ivory ivy khaki lavender lemon leopard light "
    "lilac lime magenta maroon mauve merlot midnight mint mocha multicolor mushroom mustard natural "
    "navy nude olive orange peach pewter pink plum purple rainbow red rose royal rust sand sapphire "
    "seashell silver skull slate steel stone stonewash sunflower tan taupe teal tiger turquoise violet "
    "walnut wheat white wine yellow"
)
_COLOURS = tuple(_COLOUR_WORDS.split())
_STOP_WORDS = (
    "a about all an and any are as at be best by can each easy for from great has high in into is it "
    "its large long made medium more most new no not of off on one or other out over perfect small so "
    "soft than that the their these this to two up use used very with without you your"
)
_NO_NOUNS = frozenset(_STOP_WORDS.split())


def reward(
    goal: Goal, bought: Product, attributes: Iterable[str], chosen: Iterable[str], wanted: Product
) -> float:
    """From 0 to 1. `attributes` and `chosen` values are those of what was bought, `wanted` the goal's."""
    chosen = [_coloured(value) for value in chosen]
    met = sum(_has_attribute(bought, attributes, attribute) for attribute in goal.attributes)
    met += sum(any(_is_alike(value, _coloured(option)) for value in chosen) for option in goal.options)
    met += bought.price <= goal.limit
    return type_factor(bought, wanted) * met / (len(goal.attributes) + len(goal.options) + 1)


def type_factor(bought: Product, wanted: Product) -> float:
    """How far two products are of one type: 0, 0.1, 0.5 or 1."""
    words = _words(wanted.title)
    overlap = len(words & _words(bought.title)) / len(words) if words else _NO_WORDS
    if overlap == 0:
        return 0.0
    if overlap < 0.1:
        return 0.1
    is_same_type = bought.query == wanted.query or len(_categories(bought) & _categories(wanted)) >= 2
    return 1.0 if is_same_type or overlap > 0.2 else 0.5


def _has_attribute(product: Product, attributes: Iterable[str], wanted: str) -> bool:
    texts = (product.title, " ".join(product.features), product.description)
    return any(_is_alike(own, wanted) for own in attributes) or any(wanted in text.lower() for text in texts)


def _coloured(value: str) -> str:
    """The first of the colours in a value, for which it is taken as a whole."""
    return next((colour for colour in _COLOURS if colour in value), value)


def _is_alike(one: str, other: str) -> bool:
    from rapidfuzz import fuzz, utils

    ratio: float = fuzz.token_set_ratio(_ascii(one), _ascii(other), processor=utils.default_process)
    return round(ratio) > _ALIKE


def _ascii(text: str) -> str:
    return text.encode("ascii", "ignore").decode()


def _words(title: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{2,}", title.lower())) - _NO_NOUNS


def _categories(product: Product) -> set[str]:
    return {
        part.strip()
        for part in product.product_category.split("\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}")
    }
