"""Estimates with 95 % confidence intervals.

A rate has Wilson's score interval (Wilson 1927; recommended for small numbers by Brown, Cai and DasGupta,
"Interval Estimation for a Binomial Proportion", 2001). A mean has Student's t interval, clipped to the
possible values; it is only approximate if a few runs cost much more than the others.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

import msgspec

LEVEL = 0.95
_Z = statistics.NormalDist().inv_cdf((1 + LEVEL) / 2)


class Estimate(msgspec.Struct, frozen=True):
    """A value from `n` runs with its interval, which is None for a single run."""

    value: float
    low: float | None
    high: float | None
    n: int


def rate(successes: int, n: int) -> Estimate:
    """The success rate of at least one run."""
    share, weight = successes / n, _Z**2 / n
    middle = (share + weight / 2) / (1 + weight)
    half = _Z / (1 + weight) * math.sqrt(share * (1 - share) / n + weight / (4 * n))
    return Estimate(share, max(0.0, middle - half), min(1.0, middle + half), n)


def mean(values: Sequence[float], least: float = -math.inf, most: float = math.inf) -> Estimate:
    """The mean of at least one value; all values are between `least` and `most`."""
    value, n = statistics.fmean(values), len(values)
    if n == 1:
        return Estimate(value, None, None, n)
    half = student_t(n - 1) * statistics.stdev(values) / math.sqrt(n)
    return Estimate(value, max(least, value - half), min(most, value + half), n)


def student_t(freedom: int) -> float:
    """Student's t at the level of the intervals, with `freedom` degrees of freedom.

    Exact for one and two; else the expansion 26.7.5 of Abramowitz and Stegun, "Handbook of Mathematical
    Functions", which is within 0.2 % from three on.
    """
    if freedom == 1:
        return math.tan(math.pi * LEVEL / 2)
    if freedom == 2:
        return LEVEL * math.sqrt(2 / (1 - LEVEL**2))
    z = _Z
    terms: tuple[float, ...] = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return sum(term / float(freedom**power) for power, term in enumerate(terms))
