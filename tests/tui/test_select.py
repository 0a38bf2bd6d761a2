"""The search in an open list of choices."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.content import Content

from recode_tui._textual.select import SearchedOverlay, SearchedSelect

NAMES = ("household", "webshop", "scienceworld")
ABOUT = ("rooms of a house", "a shop", "experiments")


class SelectApp(App[None]):
    def __init__(self, is_styled: bool) -> None:
        super().__init__()
        self.is_styled = is_styled

    def compose(self) -> ComposeResult:
        pairs = zip(NAMES, ABOUT, strict=True)
        styled = [(Content.assemble(name, (f"  {about}", "dim")), name) for name, about in pairs]
        yield SearchedSelect(styled if self.is_styled else [(name, name) for name in NAMES])


@pytest.mark.parametrize("is_styled", [True, False])
@pytest.mark.parametrize(("typed", "name"), [("w", "webshop"), ("SCI", "scienceworld"), ("o", "household")])
async def test_typing_goes_to_the_choice_that_has_the_text_first(
    typed: str, name: str, is_styled: bool
) -> None:
    async with SelectApp(is_styled).run_test() as pilot:
        field = pilot.app.query_one(SearchedSelect)
        field.focus()
        await pilot.press("enter", *typed)
        choices = pilot.app.query_one(SearchedOverlay)
        assert choices.highlighted is not None and field._options[choices.highlighted][1] == name
        await pilot.press("enter")
        assert field.value == name and not field.expanded


async def test_a_text_that_no_choice_has_moves_nothing() -> None:
    async with SelectApp(True).run_test() as pilot:
        field = pilot.app.query_one(SearchedSelect)
        field.focus()
        await pilot.press("enter", "w", "x")
        choices = pilot.app.query_one(SearchedOverlay)
        assert choices.highlighted is not None and field._options[choices.highlighted][1] == "webshop"
