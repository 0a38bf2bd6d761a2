"""Lays out an observation by its environment's rules, or line by line if those would lose or add words."""

from __future__ import annotations

from collections import Counter

from recode_core.entry_points.calls import calling
from recode_core.environments.environment import FormatsObservations
from recode_core.environments.layout import Page, as_it_is
from recode_core.environments.registry import environment
from recode_core.errors import EnvironmentUnavailable, RecodeError

_LONGEST = 100_000  # characters; a longer observation is shown line by line


def laid_out(name: str, observation: str) -> Page:
    """The layout of an observation; line by line if no environment of that name is known and installed."""
    plain = as_it_is(observation)
    if len(observation) > _LONGEST:
        return plain
    try:
        found = environment(name)
        with calling("the environment failed in laid_out:", EnvironmentUnavailable):
            if not isinstance(found, FormatsObservations):
                return plain
            page = found.laid_out(observation)
            return page if _words(page) == _words(plain) else plain
    except RecodeError:
        return plain


def _words(page: Page) -> Counter[str]:
    return Counter(word for row in page.rows for word in row.text.split())
