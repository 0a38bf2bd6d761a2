"""The reward of a purchase, as in WebShop's paper (arXiv 2207.01206) and code (engine/goal.py).

It is the fraction of the wanted attributes, options and price that is met, times a factor for the type of
product. WebShop's code compares the nouns of two titles, which takes a language model; here, all words but
stop words are compared. All else is compared as there; texts as by `thefuzz` 0.20, which ReCode's copy of
WebShop requires.

A sampled goal has options with names, and WebShop compares the chosen value with the pair of name and value:
a colour counts only if the wanted value is exactly a colour word, so that some of these goals can't be
reached. The first two editions compared the values alone, removed all characters outside of ASCII, where
WebShop removes those of Latin-1, and counted a repeated word of a title once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from recode_core.environments.webshop.goals import ShoppingGoal
from recode_core.environments.webshop.product import Product
from recode_core.statements import EDITION

_ALIKE = 85  # similarity, from 0 to 100, above which two texts match
_NO_WORDS = 0.2
_FIRST_RULES = 2  # the last edition with the first rules
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


_LATIN_1 = dict.fromkeys(range(128, 256))


def reward(
    goal: ShoppingGoal,
    bought: Product,
    attributes: Iterable[str],
    chosen: Iterable[str],
    wanted: Product,
    edition: int = EDITION,
) -> float:
    """The reward, from 0 to 1. `wanted` is the goal's product.

    `attributes` and the `chosen` option values are those of `bought`; `edition` is that of the session.
    """
    chosen = [_coloured(value) for value in chosen]
    options = _wanted_options(goal, edition)
    met = sum(_has_attribute(bought, attributes, attribute, edition) for attribute in goal.attributes)
    met += sum(any(_is_alike(value, option, edition) for value in chosen) for option in options)
    met += bought.price <= goal.limit
    return type_factor(bought, wanted, edition) * met / (len(goal.attributes) + len(options) + 1)


def type_factor(bought: Product, wanted: Product, edition: int = EDITION) -> float:
    """The degree to which two products are of the same type: 0, 0.1, 0.5 or 1."""
    words, others = _words(wanted.title), set(_words(bought.title))
    if edition <= _FIRST_RULES:
        words = list(dict.fromkeys(words))
    overlap = len(others.intersection(words)) / len(words) if words else _NO_WORDS
    if overlap == 0:
        return 0.0
    if overlap < 0.1:
        return 0.1
    is_same_type = bought.query == wanted.query or len(_categories(bought) & _categories(wanted)) >= 2
    return 1.0 if is_same_type or overlap > 0.2 else 0.5


def _has_attribute(product: Product, attributes: Iterable[str], wanted: str, edition: int) -> bool:
    texts = (product.title, " ".join(product.features), product.description)
    is_listed = any(_is_alike(own, wanted, edition) for own in attributes)
    return is_listed or any(wanted in text.lower() for text in texts)


def _wanted_options(goal: ShoppingGoal, edition: int) -> list[str]:
    if edition <= _FIRST_RULES or not goal.option_names:
        return [_coloured(value) for value in goal.options]
    return [_paired(name, value) for name, value in zip(goal.option_names, goal.options, strict=True)]


def _coloured(value: str) -> str:
    """The first of `_COLOURS` that a value contains, which then stands for it; else the value."""
    return next((colour for colour in _COLOURS if colour in value), value)


def _paired(name: str, value: str) -> str:
    """The text that stands for an option: its name or value if that is a colour, else the pair's `repr`."""
    return next((colour for colour in _COLOURS if colour in (name, value)), repr((name, value)))


def _is_alike(one: str, other: str, edition: int) -> bool:
    from rapidfuzz import fuzz, utils

    plain = _ascii if edition <= _FIRST_RULES else _without_latin_1
    ratio: float = fuzz.token_set_ratio(plain(one), plain(other), processor=utils.default_process)
    return round(ratio) > _ALIKE


def _ascii(text: str) -> str:
    return text.encode("ascii", "ignore").decode()


def _without_latin_1(text: str) -> str:
    return text.translate(_LATIN_1)


def _words(title: str) -> list[str]:
    return [word for word in re.findall(r"[^\W\d_]{2,}", title.lower()) if word not in _NO_NOUNS]


def _categories(product: Product) -> set[str]:
    return {
        part.strip()
        for part in product.product_category.split("\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}")
    }
