"""Lays out the shop's pages: the kind of page, one product or option per line, links as buttons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from recode_core.environments.layout import Page, Piece, Row, as_it_is, row
from recode_core.environments.webshop.pages import BUY, SEARCH

INVALID = "Invalid action "
BOUGHT = "Nothing happens: the purchase is made."
_CHOSEN = re.compile(r"You have clicked (.+)\.", re.DOTALL)
_LINK = re.compile(r"\[.+\]")
_PRODUCT = re.compile(r"\[[0-9A-Z]{10}\]")
_GAP = Piece("  ")


def laid_out(observation: str) -> Page:
    """The layout of a page; chosen options and an invalid action stand above it."""
    lines = observation.split("\n")
    above: list[Row] = []
    chosen: list[str] = []
    while lines and (_CHOSEN.fullmatch(lines[0]) or lines[0].startswith(INVALID)):
        if match := _CHOSEN.fullmatch(lines[0]):
            chosen.append(f"[{match[1]}]".lower())
        above.append(row(lines.pop(0), "quiet" if match else "refused"))
    page = _page(lines, chosen)
    return Page((*above, Row(), *page.rows) if above else page.rows, page.kind)


def had_no_effect(observation: str) -> bool:
    """Whether an action was not possible on its page, or came after the purchase."""
    return observation.startswith((INVALID, BOUGHT))


def _page(lines: list[str], chosen: Sequence[str]) -> Page:
    if lines and lines[0].startswith("Your score ("):
        return Page(tuple(row(line, "heading") for line in lines), "the till")
    if lines[-1:] == ["[Search]"]:
        return Page((*(row(line, "heading") for line in lines[:-1]), _buttons(lines[-1:])), "the search")
    if "(Total results:" in "".join(lines[1:2]):
        return Page(tuple(_results(lines)), "results")
    if lines[-1:] == [f"[{BUY}]"] and any(line.startswith("Price: ") for line in lines):
        return Page(tuple(_product(lines, chosen)), "a product")
    if lines[:1] == [f"[{SEARCH}]"]:
        links = _links_first(lines)
        return Page((_buttons(lines[:links]), Row(), *map(row, lines[links:])), "more of a product")
    return as_it_is("\n".join(lines))


def _results(lines: list[str]) -> list[Row]:
    """The rows of a results page, one per product: its link, its price, its title."""
    back, page, *rest = lines
    at = next((n for n, line in enumerate(rest) if _PRODUCT.fullmatch(line)), len(rest))
    products: list[list[str]] = []
    for line in rest[at:]:
        if _PRODUCT.fullmatch(line):
            products.append([])
        products[-1].append(line)
    width = max((len(product[-1]) for product in products if len(product) > 1), default=0)
    rows = [row(page, "heading"), _buttons([back, *rest[:at]]), Row()]
    for link, *title, price in (product if len(product) > 1 else [*product, ""] for product in products):
        pieces = (Piece(link, "button"), _GAP, Piece(price.ljust(width), "price"), _GAP)
        rows.append(Row((*pieces, Piece(" ".join(title)))))
    return rows


def _product(lines: list[str], chosen: Sequence[str]) -> list[Row]:
    """The rows of a product page: title, price and facts, then a row for each option, then the links."""
    price = max(n for n, line in enumerate(lines) if line.startswith("Price: "))
    links = _links_first(lines)
    after = next((n for n in range(price, len(lines)) if _LINK.fullmatch(lines[n])), len(lines))
    facts = [row(lines[price], "price"), *(row(line, "quiet") for line in lines[price + 1 : after])]
    rows = [row(lines[price - 1], "heading"), *facts, _buttons(lines[:links]), Row()]
    for is_link, group in groupby(lines[links : price - 1], lambda line: bool(_LINK.fullmatch(line))):
        texts = list(group)
        rows += [_buttons(texts, chosen)] if is_link else [row(text, "quiet") for text in texts]
    return [*rows, Row(), _buttons(lines[after:])]


def _links_first(lines: Sequence[str]) -> int:
    """The number of links to other pages at the beginning of a page."""
    leading = (f"[{SEARCH}]", "[< Prev]")
    return next((n for n, line in enumerate(lines) if line not in leading), len(lines))


def _buttons(links: Iterable[str], chosen: Sequence[str] = ()) -> Row:
    pieces: list[Piece] = []
    for link in links:
        pieces += (Piece(" "), Piece(link, "chosen" if link.lower() in chosen else "button"))
    return Row(tuple(pieces[1:]))
