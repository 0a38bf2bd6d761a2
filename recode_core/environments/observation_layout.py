"""The layout of an observation, and whether its action did nothing, told without a world."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache

from recode_core.entry_points.calls import calling
from recode_core.environments.environment import FormatsObservations, RecognizesNoEffect
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


def no_effect_test(name: str) -> Callable[[str], bool]:
    """The test whether an action had no effect, by its observation, with the results cached.

    It is always False if no environment of that name is known and installed, or if it cannot tell.
    """
    try:
        env = environment(name)
    except RecodeError:
        return cannot_tell

    @lru_cache(maxsize=10_000)
    def had_no_effect(observation: str) -> bool:
        try:
            with calling("the environment failed in had_no_effect:", EnvironmentUnavailable):
                return isinstance(env, RecognizesNoEffect) and env.had_no_effect(observation) is True
        except RecodeError:
            return False

    return had_no_effect


def cannot_tell(observation: str) -> bool:
    """The test of an environment that cannot tell whether an action had an effect."""
    return False


def _words(page: Page) -> Counter[str]:
    return Counter(word for row in page.rows for word in row.text.split())
