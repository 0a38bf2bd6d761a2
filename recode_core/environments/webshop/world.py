"""One live episode in the shop."""

from __future__ import annotations

import re

from recode_core.environments.webshop.goals import ShoppingGoal
from recode_core.environments.webshop.layout import BOUGHT, INVALID
from recode_core.environments.webshop.pages import ShopPage, ShopState, page_of
from recode_core.environments.webshop.reward import reward
from recode_core.environments.webshop.shop import Shop
from recode_core.statements import EDITION
from recode_core.values import Observation

_ACTION = re.compile(r"\s*(search|click)\[(.+)\]", re.DOTALL | re.IGNORECASE)
_LONGEST = 200  # characters of an action that is repeated in an answer
_LOWER_CASE = 2  # the last edition whose verbs had to be in lower case


class WebShopWorld:
    """Answers an action with the page that it leads to, an invalid one with a message above the current page.

    The verb of an action may be in upper case, as in ReCode's copy of WebShop (web_agent_text_env.py);
    in the first two editions it had to be in lower case.
    """

    step_limit = 30

    def __init__(
        self, shop: Shop, goal: ShoppingGoal, has_attributes: bool = False, edition: int = EDITION
    ) -> None:
        self.instruction = goal.instruction
        self._shop = shop
        self._goal = goal
        self._has_attributes = has_attributes
        self._edition = edition
        self._state = ShopState()

    def reset(self) -> Observation:
        self._state = ShopState()
        return self._shown(self._page())

    def step(self, action: str) -> Observation:
        page = self._page()
        if self._state.is_bought:
            return self._paid(BOUGHT)
        after = self._after(page, action)
        if after is None:
            page.lines.insert(0, f"{INVALID}{action[:_LONGEST]!r}: nothing happens. {_possible(page)}")
            return self._shown(page)
        self._state = after
        if after.is_bought:
            return self._paid(f"Your score (min 0.0, max 1.0): {self._reward()}")
        return self._shown(self._page())

    @property
    def possible(self) -> tuple[str, ...]:
        """The admissible actions. `search[WORDS]` stands for a search with any words."""
        if self._state.is_bought:
            return ()
        return ("search[WORDS]", *(f"click[{text}]" for text in self._page().links))

    def snapshot(self) -> ShopState:
        return self._state

    def restore(self, state: object) -> None:
        if not isinstance(state, ShopState):
            raise TypeError(f"not a snapshot of a webshop world: {state!r}")
        self._state = state

    def close(self) -> None:
        """No resources are held."""

    def _page(self) -> ShopPage:
        return page_of(self._shop, self._state, self.instruction, self._has_attributes)

    def _shown(self, page: ShopPage) -> Observation:
        return Observation("\n".join(page.lines))

    def _after(self, page: ShopPage, action: str) -> ShopState | None:
        """The state after an action; None if the action is invalid."""
        match = _ACTION.match(action)
        if match is None:
            return None
        verb, words = match[1], match[2].lower()
        if self._edition <= _LOWER_CASE and not verb.islower():
            return None
        if verb.lower() == "search":
            return ShopState(words, results=1) if words.strip() else None
        return page.after_click(words)

    def _paid(self, text: str) -> Observation:
        score = self._reward()
        return Observation(text, score=score, done=True, success=score == 1.0)

    def _reward(self) -> float:
        catalogue = self._shop.catalogue
        bought, wanted = catalogue[self._state.asin], catalogue[self._goal.asin]
        attributes = self._shop.attributes(bought.asin).attributes
        chosen = [value for _, value in self._state.chosen]
        return reward(self._goal, bought, attributes, chosen, wanted, self._edition)


def _possible(page: ShopPage) -> str:
    return "Possible are search[WORDS]" + (" and a click on a text in brackets:" if page.links else ":")
