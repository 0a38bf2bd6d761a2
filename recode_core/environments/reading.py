"""An observation as its environment lays it out, or as it is: no word of it gets lost or is made up."""

from __future__ import annotations

from collections import Counter

from recode_core.entry_points.calls import calling
from recode_core.environments.environment import FormatsObservations
from recode_core.environments.layout import Page, as_it_is
from recode_core.environments.registry import environment
from recode_core.errors import EnvironmentUnavailable, RecodeError

_LONGEST = 100_000  # characters that are laid out


def laid_out(name: str, observation: str) -> Page:
    """An observation of the environment of that name, which need be neither known nor installed here."""
    plain = as_it_is(observation)
    if len(observation) > _LONGEST:
        return plain
    try:
        home = environment(name)
        with calling("the environment failed in laid_out:", EnvironmentUnavailable):
            if not isinstance(home, FormatsObservations):
                return plain
            page = home.laid_out(observation)
            return page if _words(page) == _words(plain) else plain
    except RecodeError:
        return plain


def _words(page: Page) -> Counter[str]:
    return Counter(word for row in page.rows for word in row.text.split())
