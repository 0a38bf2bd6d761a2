"""The pages of the shop: the text of each, and the targets of its links.

The wording is that of WebShop's text mode for agents: a link is a text in square brackets.
"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from recode_core.environments.webshop.product import Product
from recode_core.environments.webshop.shop import Shop

_PER_PAGE = 10
SEARCH = "Back to Search"
NEXT = "Next >"
PREVIOUS = "< Prev"
BUY = "Buy Now"
TABS = ("Description", "Features", "Reviews")
ATTRIBUTES = "Attributes"


class ShopState(msgspec.Struct, frozen=True):
    """The state of an episode: at the search, results, a product or one of its tabs, or after the purchase.

    `words` is the query, `results` the number of the results page (0 before a search), `asin` the open
    product, `chosen` the chosen options as (name, value).
    """

    words: str = ""
    results: int = 0
    asin: str = ""
    tab: str = ""
    chosen: tuple[tuple[str, str], ...] = ()
    is_bought: bool = False


class ShopPage(msgspec.Struct):
    """A page. `links` maps the text of a link to the state after a click on it."""

    lines: list[str] = []
    links: dict[str, ShopState] = {}

    def add(self, *texts: str) -> None:
        """Add a line for each text."""
        self.lines.extend(texts)

    def link(self, text: str, after: ShopState) -> None:
        """Add a line with a link."""
        self.lines.append(f"[{text}]")
        self.links[text] = after

    def after_click(self, text: str) -> ShopState | None:
        """The target of a link, ignoring case; None if there is no such link."""
        return next((after for link, after in self.links.items() if link.lower() == text.lower()), None)


def page_of(shop: Shop, state: ShopState, instruction: str, has_attributes: bool) -> ShopPage:
    """The page of a state; empty after the purchase."""
    page = ShopPage()
    if state.is_bought:
        return page
    if not state.results:
        page.add(instruction, "[Search]")
        return page
    page.link(SEARCH, ShopState())
    if not state.asin:
        _show_results(page, shop, state)
    elif not state.tab:
        _show_product(page, shop.catalogue[state.asin], state, has_attributes)
    else:
        page.link(PREVIOUS, replace(state, tab=""))
        page.add(*_tab(shop, shop.catalogue[state.asin], state.tab))
    return page


def _show_results(page: ShopPage, shop: Shop, state: ShopState) -> None:
    found = shop.index.search(state.words)
    page.add(f"Page {state.results} (Total results: {len(found)})")
    if state.results > 1:
        page.link(PREVIOUS, replace(state, results=state.results - 1))
    page.link(NEXT, replace(state, results=state.results + 1))
    for number in found[(state.results - 1) * _PER_PAGE : state.results * _PER_PAGE]:
        product = shop.catalogue.at(number)
        page.link(product.asin, replace(state, asin=product.asin))
        page.add(product.title, product.price_tag)


def _show_product(page: ShopPage, product: Product, state: ShopState, has_attributes: bool) -> None:
    page.link(PREVIOUS, ShopState(state.words, state.results))
    chosen = dict(state.chosen)
    for name, values in product.options.items():
        page.add(name)
        for value in values:
            page.link(value, replace(state, chosen=tuple((chosen | {name: value}).items())))
    page.add(product.title, f"Price: {product.price_tag}", "Rating: N.A.")
    for tab in (*TABS, *((ATTRIBUTES,) if has_attributes else ())):
        page.link(tab, replace(state, tab=tab))
    page.link(BUY, replace(state, is_bought=True))
    page.lines[:0] = [f"You have clicked {value}." for value in chosen.values()]


def _tab(shop: Shop, product: Product, tab: str) -> tuple[str, ...]:
    match tab:
        case "Description":
            return (product.description,)
        case "Features":
            return product.features
        case "Attributes":
            about = shop.attributes(product.asin).attributes
            return (*about, product.category, product.query, product.product_category)
        case _:
            return ()
