"""Parameters of which all but the first few are slow."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from _pytest.mark import ParameterSet


def first_quick(values: Iterable[object], quick: int = 1) -> list[ParameterSet]:
    """The values as parameters; those after the first `quick` ones carry the marker `slow`."""
    return [
        pytest.param(value, marks=[] if number < quick else [pytest.mark.slow])
        for number, value in enumerate(values)
    ]
