"""Parameters of which all but the first few are slow."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from _pytest.mark import ParameterSet


def first_quick(values: Iterable[object], quick: int = 1, slow: int | None = None) -> list[ParameterSet]:
    """The values as parameters; those after the first `quick` ones carry the marker `slow`.

    Those after the `slow` ones that follow carry the marker `exhaustive`.
    """

    def marks(number: int) -> list[pytest.MarkDecorator]:
        if number < quick:
            return []
        return [pytest.mark.slow if slow is None or number < quick + slow else pytest.mark.exhaustive]

    return [pytest.param(value, marks=marks(number)) for number, value in enumerate(values)]
