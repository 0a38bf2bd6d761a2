"""The comparison with the ReCode paper as text: a table, and notes on what can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from recode_core.report import formatting
from recode_core.report.estimates import Estimate
from recode_core.report.paper import Comparison, PaperCell

_AGENTS = {"react": "ReAct", "codeact": "CodeAct", "recode": "ReCode"}


def table(comparison: Comparison) -> list[list[str]]:
    """The comparison as rows of text, headings first: the paper's rows, then ours by agent, model and engine.

    Values that are not comparable are marked with a star.
    """
    rows = [["", *comparison.columns, "mean", "cost 10⁻³ $", "list 10⁻³ $"]]
    for row in comparison.rows:
        figures = [f"{reward:.2f}" for reward in row.rewards]
        cost = "" if row.cost is None else f"{row.cost:.2f}"
        rows.append([f"paper: {_AGENTS[row.agent]} · {row.model}", *figures, f"{row.mean:.1f}", cost, ""])
    for who in dict.fromkeys(cell.who for cell in comparison.cells):
        cells = {cell.column: cell for cell in comparison.cells if cell.who == who}
        found = [cells[column] for column in comparison.columns if column in cells]
        is_whole = len(found) == len(comparison.columns)
        average = f"{100 * fmean(cell.reward.value for cell in found):.1f}" if is_whole else ""
        shown = [_shown(cells[column]) if column in cells else "" for column in comparison.columns]
        rows.append([f"ours: {who}", *shown, average, *_costs(found)])
    return rows


def notes(comparison: Comparison) -> list[str]:
    """One line per cell: the difference to the paper, or why it is not comparable."""
    lines = []
    for cell in comparison.cells:
        where = f"{cell.who}, {cell.column}"
        if cell.why_not:
            lines.append(f"* {where}: {'; '.join(cell.why_not)}")
        else:
            assert cell.paper is not None, "a cell without a figure has a reason in why_not"
            lines.append(
                f"{where}: comparable, {100 * cell.reward.value - cell.paper:+.1f} points to the paper"
            )
    if comparison.elsewhere:
        lines.append(f"{comparison.elsewhere} runs are in no column: their tasks are not in the paper")
    return lines


def _shown(cell: PaperCell) -> str:
    star = " *" if cell.why_not else ""
    return f"{formatting.percent(cell.reward)} n {cell.reward.n}{star}"


def _costs(cells: Sequence[PaperCell]) -> tuple[str, str]:
    """The cost that was paid, and that at list prices without a discount for cached tokens."""
    return _cost([cell.cost_usd for cell in cells]), _cost([cell.list_usd for cell in cells])


def _cost(costs: Sequence[Estimate | None]) -> str:
    """The mean of the columns, as in the paper; unknown if one of them is."""
    known = [1000 * cost.value for cost in costs if cost is not None]
    return f"{fmean(known):.2f}" if len(known) == len(costs) else formatting.UNKNOWN
