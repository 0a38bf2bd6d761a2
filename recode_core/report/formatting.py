"""Formatting of the numbers of a report, for the HTML page and the terminal."""

from __future__ import annotations

from collections.abc import Callable

from recode_core.report.estimates import Estimate
from recode_core.report.summary import Group

UNKNOWN = "unknown"


def percent(estimate: Estimate | None) -> str:
    """A share as a percentage, with its interval."""
    return UNKNOWN if estimate is None else _with_interval(estimate, 100, 1)


def number(estimate: Estimate | None) -> str:
    """A mean, with its interval."""
    return UNKNOWN if estimate is None else _with_interval(estimate, 1, _digits(estimate.value))


def cost(estimate: Estimate | None) -> str:
    """A mean cost in thousandths of a US dollar, as in the paper, with its interval."""
    return UNKNOWN if estimate is None else _with_interval(estimate, 1000, 2)


def format_counts(counts: dict[str, int]) -> str:
    """Counts with their labels, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{count} {what}" for what, count in ordered)


MEASURES: dict[str, Callable[[Group], str]] = {
    "runs": lambda group: str(group.success.n),
    "success %": lambda group: percent(group.success),
    "reward %": lambda group: percent(group.score),
    "steps": lambda group: number(group.steps),
    "calls": lambda group: number(group.calls),
    "tokens": lambda group: number(group.tokens),
    "cost 10⁻³ $": lambda group: cost(group.cost_usd),
    "depth": lambda group: number(group.depth),
    "branching": lambda group: f"{group.statements.value:.1f} ({group.placeholders.value:.1f})",
}
"""The measures of a group by heading. Branching is statements per expansion, with placeholders in brackets.
"""


def _digits(value: float) -> int:
    return 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2


def _with_interval(estimate: Estimate, factor: float, digits: int) -> str:
    value = f"{estimate.value * factor:,.{digits}f}"
    if estimate.low is None or estimate.high is None:
        return value
    return f"{value} [{estimate.low * factor:,.{digits}f}, {estimate.high * factor:,.{digits}f}]"
