from __future__ import annotations

import pytest
from msgspec.structs import replace

from recode_core.environments.webshop import WebShop
from recode_core.environments.webshop.files import data_files
from recode_core.environments.webshop.goals import ShoppingGoal
from recode_core.environments.webshop.product import Product
from recode_core.environments.webshop.reward import reward, type_factor
from recode_core.environments.webshop.shop import open_shop
from recode_core.statements import EDITION

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
GOAL = ShoppingGoal(LAMP.asin, "a lamp", ("solid wood", "warm light"), ("dark red", "x-large"), 30.0)


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


def met(name: str, value: str, chosen: str, edition: int = EDITION) -> bool:
    """Whether a choice meets a sampled goal that wants nothing but one option by name."""
    goal = ShoppingGoal(LAMP.asin, "a lamp", (), (value,), 30.0, (name,))
    return reward(goal, LAMP, (), (chosen,), LAMP, edition) == 1.0  # the price is the other half


# What is wanted is the text of the pair; `token_set_ratio` is 100 where all words of one are in the other.
@pytest.mark.parametrize(
    ("name", "value", "chosen", "is_met"),
    [
        ("size", "x-large", "x-large", True),  # {x, large} is in {size, x, large}
        ("size", "8", "8", True),
        ("size", "8", "8.5", False),  # {8, 5} and {size, 8}: of "8 size" and "8 5" half the letters differ
        ("color", "red", "dark red", False),  # a chosen colour is its first word, "dark"; wanted is "red"
        ("color", "navy", "navy blue", False),  # "blue" comes before "navy" among the colours
        ("color", "navy blue", "blue", True),  # no colour word by itself, so the pair: {color, navy, blue}
        ("color", "black", "black | white", True),  # both are "black"
        ("color", "c5-black", "black", True),  # {black} is in {color, c5, black}
        ("color", "blackish", "blackish", False),  # chosen is "black", wanted {color, blackish}
        ("red", "dark", "dark red", True),  # of the pair, "dark" comes first among the colours
        (
            "item\xa0shape",
            "oval",
            "xa0shape oval",
            True,
        ),  # Python writes the space as \\xa0, a word of its own
    ],
)
def test_an_option_of_a_sampled_goal_is_compared_together_with_its_name(
    name: str, value: str, chosen: str, is_met: bool
) -> None:
    assert met(name, value, chosen) is is_met


def test_the_first_editions_compared_the_value_of_a_sampled_option_alone() -> None:
    assert (met("size", "8", "8.5", edition=2), met("size", "8", "8.5")) == (True, False)
    assert (met("color", "blackish", "blackish", edition=2), met("color", "blackish", "blackish")) == (
        True,
        False,
    )


def test_the_letters_of_latin_1_are_left_out_and_other_letters_are_not() -> None:
    goal = ShoppingGoal(LAMP.asin, "a lamp", (), ("décor oak",), 30.0)
    assert reward(goal, LAMP, (), ("dcor oak",), LAMP) == 1.0
    wanted = replace(goal, options=("men\u2019s",))  # an apostrophe that parts two words: {men, s}
    assert reward(wanted, LAMP, (), ("men s",), LAMP) == 1.0
    assert reward(wanted, LAMP, (), ("s",), LAMP) == 1.0
    assert reward(wanted, LAMP, (), ("s",), LAMP, edition=2) == 0.5  # {mens}


def test_an_option_that_is_wanted_twice_counts_twice_and_one_choice_meets_both() -> None:
    goal = ShoppingGoal(LAMP.asin, "a lamp", (), ("large", "large", "round"), 30.0)
    assert reward(goal, LAMP, (), ("large",), LAMP) == 3 / 4


def test_a_word_that_a_title_repeats_counts_as_often() -> None:
    wanted = replace(LAMP, title="lamp oak oak oak oak")
    other = replace(LAMP, title="lamp", query="chairs", product_category="Chairs")
    assert type_factor(other, wanted) == 0.5  # 1 of 5 is not more than 0.2
    assert type_factor(other, wanted, edition=2) == 1.0  # 1 of 2


@pytest.mark.parametrize(
    ("number", "chosen", "score"),
    [
        (3714, ("8.5",), 9 / 10),  # 8 attributes and the price, but not the size: 8
        (3714, ("8",), 1.0),
        (2129, ("a4-wine", "medium"), 1.0),  # "wine" is in the pair of color and "a1-wine\xa0red"
        (1069, (), 3 / 5),  # 2 attributes and the price, none of 2 options
        (1069, ("silver", "40mm"), 1.0),
    ],
)
def test_purchases_of_real_products_are_worth_what_the_rules_say(
    real: WebShop, number: int, chosen: tuple[str, ...], score: float
) -> None:
    shop = open_shop(data_files())
    goal = shop.goals("sampled")[number]
    product = shop.catalogue[goal.asin]
    attributes = shop.attributes(goal.asin).attributes
    assert reward(goal, product, attributes, chosen, product) == pytest.approx(score)
