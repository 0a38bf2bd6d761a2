from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from recode_core.environments.webshop import WebShop
from recode_core.environments.webshop.world import WebShopWorld

Act = Callable[..., WebShopWorld]

SEARCH = "search[oak garden lamp]"
LAMP = "click[B000000001]"
PRODUCT = """\
[Back to Search]
[< Prev]
color
[dark red]
[blue  |  grey]
size
[small]
[large]
Oak Garden Lamp [New]
Price: $10.0 to $20.0
Rating: N.A.
[Description]
[Features]
[Reviews]
[Buy Now]"""


def test_the_first_page_shows_the_instruction_and_the_search(act: Act) -> None:
    said = "i want a dark red lamp of solid wood, and price lower than"
    assert act().instruction.startswith(said)
    assert act().reset().text == f"{act().instruction}\n[Search]"


def test_a_search_lists_ten_products_with_id_title_and_price(act: Act) -> None:
    lines = act().step(SEARCH).text.splitlines()
    assert lines[:6] == [
        "[Back to Search]",
        "Page 1 (Total results: 50)",
        "[Next >]",
        "[B000000001]",
        "Oak Garden Lamp [New]",
        "$10.0 to $20.0",
    ]
    assert len([line for line in lines if line.startswith("[B0")]) == 10


def test_the_pages_of_a_search_are_turned(act: Act) -> None:
    world = act(SEARCH)
    first = world.step("click[next >]").text
    assert first.splitlines()[1:4] == ["Page 2 (Total results: 50)", "[< Prev]", "[Next >]"]
    assert world.step("click[< Prev]").text == act().step(SEARCH).text
    last = act(SEARCH, *["click[Next >]"] * 4).step("click[Next >]").text
    assert last == "[Back to Search]\nPage 6 (Total results: 50)\n[< Prev]\n[Next >]"


def test_equal_products_are_listed_in_the_order_of_the_file(act: Act) -> None:
    lines = act().step("search[number]").text.splitlines()
    assert [line for line in lines if line.startswith("[B0")] == [f"[B0000001{n:02}]" for n in range(10)]


def test_a_search_that_finds_nothing_says_so(act: Act) -> None:
    assert "(Total results: 0)" in act().step("search[xylophone]").text
    assert "(Total results: 0)" in act().step("search[the]").text


def test_a_product_shows_its_options_and_links(act: Act) -> None:
    assert act(SEARCH).step(LAMP).text == PRODUCT.replace("  |  ", " | ")
    assert act(SEARCH).step("click[b000000001]").text == PRODUCT.replace("  |  ", " | ")


def test_a_chosen_option_is_said_and_replaced_by_another_of_its_kind(act: Act) -> None:
    world = act(SEARCH, LAMP, "click[Dark Red]", "click[large]")
    assert world.step("click[small]").text.splitlines()[:3] == [
        "You have clicked dark red.",
        "You have clicked small.",
        "[Back to Search]",
    ]


@pytest.mark.parametrize(
    ("tab", "text"), [("Description", "It shines."), ("Features", "solid wood\nwarm light"), ("Reviews", "")]
)
def test_a_tab_tells_more_and_leads_back_with_the_options_kept(act: Act, tab: str, text: str) -> None:
    world = act(SEARCH, LAMP, "click[large]")
    assert world.step(f"click[{tab}]").text == "\n".join(filter(None, ["[Back to Search]", "[< Prev]", text]))
    assert world.step("click[< Prev]").text.startswith("You have clicked large.")


def test_attributes_are_shown_only_where_the_task_asks_for_it(act: Act) -> None:
    assert "Invalid action" in act(SEARCH, LAMP).step("click[Attributes]").text
    shown = act(SEARCH, LAMP, task="human:0:attributes").step("click[Attributes]").text
    assert shown.splitlines()[2:] == ["solid wood", "garden", "garden lamps", "Home › Lighting › Lamps"]


def test_leaving_a_product_forgets_its_options(act: Act) -> None:
    world = act(SEARCH, LAMP, "click[large]", "click[< Prev]")
    assert not world.step(LAMP).text.startswith("You have clicked")


def test_a_search_is_possible_on_every_page(act: Act) -> None:
    found = act().step("search[soap]").text
    assert act(SEARCH, LAMP, "click[Reviews]").step("search[soap]").text == found
    assert act(SEARCH, "click[Back to Search]").step("search[soap]").text == found


@pytest.mark.parametrize(
    "action",
    [
        "click[Buy Now]",
        "click[search]",
        "search[]",
        "search[ ]",
        "buy",
        "click",
        "click[B000000002]",
        "",
        "look[x]",
    ],
)
def test_an_action_that_is_not_possible_is_named_above_the_page_and_changes_nothing(
    act: Act, action: str
) -> None:
    world = act(SEARCH)
    before = world.snapshot()
    first, _, page = world.step(action).text.partition("\n")
    assert first.startswith(
        f"Invalid action {action!r}: nothing happens. Possible are search[WORDS] and a click"
    )
    assert page == act().step(SEARCH).text
    assert world.snapshot() == before


def test_on_the_first_page_only_a_search_is_possible(act: Act) -> None:
    assert act().step("click[Search]").text.splitlines()[0].endswith("Possible are search[WORDS]:")


def test_what_is_possible_on_a_page_is_named_and_does_something(act: Act) -> None:
    world = act(SEARCH, LAMP)
    assert world.possible == (
        "search[WORDS]",
        "click[Back to Search]",
        "click[< Prev]",
        "click[dark red]",
        "click[blue | grey]",
        "click[small]",
        "click[large]",
        "click[Description]",
        "click[Features]",
        "click[Reviews]",
        "click[Buy Now]",
    )
    start = world.snapshot()
    for action in world.possible:
        world.restore(start)
        assert "Invalid action" not in world.step(action).text
    assert act().possible == ("search[WORDS]",)
    assert act(SEARCH, LAMP, "click[Buy Now]").possible == ()


def test_after_the_purchase_nothing_happens_and_the_score_stays(act: Act) -> None:
    world = act(SEARCH, LAMP, "click[dark red]")
    bought = world.step("click[Buy Now]")
    assert (bought.text, bought.score, bought.done, bought.success) == (
        "Your score (min 0.0, max 1.0): 1.0",
        1.0,
        True,
        True,
    )
    after = world.step(SEARCH)
    assert (after.text, after.score, after.done) == ("Nothing happens: the purchase is made.", 1.0, True)


def test_a_snapshot_brings_back_every_page(act: Act) -> None:
    actions = [
        SEARCH,
        "click[Next >]",
        "click[< Prev]",
        LAMP,
        "click[large]",
        "click[Features]",
        "click[< Prev]",
    ]
    world = act()
    kept = [(world.snapshot(), world.step("look").text)]
    for action in [*actions, "click[Buy Now]"]:
        world.step(action)
        kept.append((world.snapshot(), world.step("look").text))
    for state, text in reversed(kept):
        world.restore(state)
        assert (world.snapshot(), world.step("look").text) == (state, text)
    with pytest.raises(TypeError, match="not a snapshot of a webshop world: 7"):
        world.restore(7)


def test_worlds_of_one_shop_do_not_disturb_each_other(act: Act) -> None:
    one, other = act(SEARCH, LAMP), WebShop().open("human:0")
    other.reset()
    other.step("search[soap]")
    assert "Price: $10.0" in one.step("click[large]").text


@pytest.mark.parametrize(("search", "click"), [("Search", "Click"), ("SEARCH", "CLICK"), ("sEARCH", "cLiCK")])
def test_the_verb_of_an_action_may_be_in_any_case(act: Act, search: str, click: str) -> None:
    world = act(SEARCH.replace("search", search), LAMP.replace("click", click))
    assert world.step(f"{click}[Features]").text == act(SEARCH, LAMP).step("click[features]").text


def test_sessions_of_the_first_editions_know_verbs_in_lower_case_only(folder: Path) -> None:
    world = WebShop().open_edition("human:0", 2)
    world.reset()
    assert world.step("Search[lamp]").text.startswith("Invalid action 'Search[lamp]'")
    assert world.step("search[lamp]").text.startswith("[Back to Search]")
