from __future__ import annotations

import pytest
from msgspec.structs import replace

from recode_core.environments.webshop.goals import Goal
from recode_core.environments.webshop.product import Product
from recode_core.environments.webshop.reward import reward, type_factor

LAMP = Product(
    asin="B000000001",
    title="Oak Garden Lamp",
    description="Shines for hours.",
    features=("Solid wood", "weatherproof"),
    options={"color": ("dark red", "navy")},
    prices=(25.0,),
    category="garden",
    query="garden lamps",
    product_category="Home \u203a Lighting \u203a Lamps",
)
GOAL = Goal(LAMP.asin, "a lamp", ("solid wood", "warm light"), ("dark red", "x-large"), 30.0)


def paid(
    chosen: tuple[str, ...], attributes: tuple[str, ...] = ("warm lights",), bought: Product = LAMP
) -> float:
    return reward(GOAL, bought, attributes, chosen, LAMP)


def test_a_purchase_that_meets_everything_is_worth_one() -> None:
    assert paid(("dark red", "x-large")) == 1.0


def test_each_attribute_option_and_the_price_count_alike() -> None:
    assert paid(("dark red",)) == pytest.approx(4 / 5)
    assert paid(()) == pytest.approx(3 / 5)
    assert paid((), attributes=()) == pytest.approx(2 / 5)
    assert paid((), attributes=(), bought=replace(LAMP, prices=(31.0,))) == pytest.approx(1 / 5)


def test_an_attribute_is_also_found_in_the_texts_of_a_product() -> None:
    assert paid((), attributes=("solid wood", "warm light")) == paid((), attributes=("warm light",))


def test_a_colour_counts_for_the_first_colour_word_in_it() -> None:
    assert paid(("dark green", "x-large")) == 1.0
    assert paid(("red", "x-large")) == pytest.approx(4 / 5)


def test_an_option_need_only_be_alike() -> None:
    assert paid(("dark red", "X-Large (US)")) == 1.0
    assert paid(("dark red", "medium")) == pytest.approx(4 / 5)


def test_the_whole_is_multiplied_by_how_far_the_types_agree() -> None:
    chosen = ("dark red", "x-large")
    assert paid(chosen, bought=replace(LAMP, title="Steel Chair")) == 0.0
    other = replace(LAMP, title="Lamp", query="chairs", product_category="Home \u203a Chairs")
    assert paid(chosen, bought=other) == 1.0
    assert type_factor(other, replace(LAMP, title="a b c Lamp D1 Oak")) == 1.0


@pytest.mark.parametrize(("words", "factor"), [(1, 1.0), (4, 1.0), (5, 0.5), (10, 0.5), (11, 0.1)])
def test_titles_that_share_little_make_another_type(words: int, factor: float) -> None:
    wanted = replace(LAMP, title=" ".join(["lamp", *(f"w{chr(97 + n) * 3}" for n in range(words - 1))]))
    assert (
        type_factor(replace(LAMP, title="lamp", query="chairs", product_category="Chairs"), wanted) == factor
    )


def test_of_a_product_of_the_same_query_a_title_that_shares_little_is_enough() -> None:
    wanted = replace(LAMP, title="lamp aaa bbb ccc ddd eee")
    assert type_factor(replace(LAMP, title="lamp"), wanted) == 1.0


def test_the_price_of_a_range_lies_in_it_and_never_changes() -> None:
    dear = replace(LAMP, prices=(20.0, 40.0))
    assert 20.0 < dear.price == replace(dear, title="other").price < 40.0
    assert LAMP.price == 25.0
