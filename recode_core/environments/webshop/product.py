"""A product as the shop shows it, read from a record of WebShop's file."""

from __future__ import annotations

import math
import re
from random import Random

import msgspec

_DEFAULT_PRICE = 100.0  # US dollars


class Product(msgspec.Struct, frozen=True):
    """A product. `options` maps the name of an option to its values, as on the page.

    `prices` are in US dollars: one price, or the ends of a range.
    """

    asin: str
    title: str
    description: str
    features: tuple[str, ...]
    options: dict[str, tuple[str, ...]]
    prices: tuple[float, ...]
    category: str
    query: str
    product_category: str

    @property
    def price_tag(self) -> str:
        """The price as the page shows it."""
        return " to ".join(f"${price}" for price in self.prices)

    @property
    def price(self) -> float:
        """The price to pay, in US dollars; of a range, a random price that is fixed for each product."""
        return Random(f"price of {self.asin}").uniform(self.prices[0], self.prices[-1])

    @property
    def combinations(self) -> int:
        """The number of combinations of its options."""
        return math.prod(len(values) for values in self.options.values())

    @property
    def document(self) -> str:
        """The text that is indexed for the search, with only the first of the features, as in WebShop."""
        options = (f"{name}: {', '.join(values)}" for name, values in self.options.items())
        return " ".join([self.title, self.description, self.features[0], ", and ".join(options)]).lower()


class _Option(msgspec.Struct):
    value: str


class _Record(msgspec.Struct):
    """The fields that are used of a record; the file has more."""

    asin: str
    name: str
    category: str
    query: str
    product_category: str
    full_description: str | None = None
    small_description: str | list[str | None] | None = None
    pricing: str | None = None
    customization_options: dict[str, list[_Option] | None] | str | None = None


def product_of(record: object) -> Product | None:
    """The product of a record; None if WebShop leaves it out. Raises msgspec.ValidationError."""
    read = msgspec.convert(record, _Record, strict=False)
    if read.asin == "nan" or len(read.asin) > 10:
        return None
    small = read.small_description
    features = small if isinstance(small, list) and small else [small if isinstance(small, str) else ""]
    return Product(
        asin=read.asin,
        title=read.name,
        description=read.full_description or "",
        features=tuple(feature or "" for feature in features),
        options=_options(read.customization_options),
        prices=_prices(read.pricing or ""),
        category=read.category,
        query=read.query.lower().strip(),
        product_category=read.product_category,
    )


def _options(given: dict[str, list[_Option] | None] | str | None) -> dict[str, tuple[str, ...]]:
    if not isinstance(given, dict):
        return {}
    return {
        name.lower(): tuple(option.value.strip().replace("/", " | ").lower() for option in options)
        for name, options in given.items()
        if options is not None
    }


def _prices(pricing: str) -> tuple[float, ...]:
    numbers = [re.sub(r"[^\d.]", "", part) for part in pricing.split("$")[1:3]]
    try:
        return tuple(float(number) for number in numbers if number) or (_DEFAULT_PRICE,)
    except ValueError:
        raise msgspec.ValidationError(f"pricing {pricing!r} is not a price") from None
