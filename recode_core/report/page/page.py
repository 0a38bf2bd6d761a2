"""The HTML page: tables of groups, plots, and a table of runs with their sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files

import msgspec

from recode_core.export.page.markup import POLICY, escaped
from recode_core.format import counted
from recode_core.report import formatting, paper_table
from recode_core.report.estimates import Estimate
from recode_core.report.page.plots import PlotRow, bars, intervals, legend
from recode_core.report.paper import Comparison
from recode_core.report.runs import Excluded, FinishedRun
from recode_core.report.summary import Group, Report
from recode_core.version import __version__

_NOTE = (
    "Rates have Wilson's score interval, means Student's t interval, both at {level:.0%}. Reward, steps, "
    "calls, tokens, cost and depth are means of a trajectory; branching is statements an expansion, and in "
    "brackets those that are placeholders. Unfinished and damaged sessions are in no number."
)


def to_html(report: Report, comparison: Comparison | None = None) -> str:
    """Render the page, which loads no other files; with the paper's tables if there is a comparison."""
    style = files("recode_core.report.page").joinpath("style.css").read_text("utf-8")
    tones = {who: number for number, who in enumerate(dict.fromkeys(group.who for group in report.groups))}
    body = [
        f"<h1>Report</h1><p>{escaped(sources_text(report))}</p>",
        _groups_table([*report.groups, *report.seen]),
        f"<small>{escaped(_NOTE.format(level=report.level))}</small>",
        _paper(comparison) if comparison is not None else "",
        legend(tones) if report.groups else "",
        *_plots(report, tones),
        _kinds_table(report),
        _troubles(report.groups),
        _runs_table(report.collection.runs),
        _left_table("Unfinished", report.collection.unfinished),
        _left_table("Damaged", report.collection.damaged),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>recode report</title><style>{style}</style></head><body>{''.join(body)}"
        f"<footer>recode {escaped(__version__)}</footer></body></html>\n"
    )


def sources_text(report: Report) -> str:
    """The sources of the report, on one line."""
    collection = report.collection
    parts = [counted(len(collection.runs), "finished run")]
    parts += [f"{len(collection.unfinished)} unfinished"] if collection.unfinished else []
    parts += [f"{len(collection.damaged)} damaged"] if collection.damaged else []
    parts += [f"{collection.not_begun} not begun"] if collection.not_begun else []
    return " · ".join(parts)


def _groups_table(groups: Sequence[Group]) -> str:
    head = ["environment", "tasks", "agent", "model", *formatting.MEASURES]
    rows = (
        [
            group.environment,
            group.seen or "all",
            group.agent,
            group.model,
            *(write(group) for write in formatting.MEASURES.values()),
        ]
        for group in groups
    )
    return _table(head, rows, numbers_from=4)


def _paper(comparison: Comparison) -> str:
    """The paper's table with our runs, and notes on what can be compared."""
    head, *rows = paper_table.table(comparison)
    lines = "".join(f"<li>{escaped(line)}</li>" for line in paper_table.notes(comparison))
    about = "Average reward in percent, the paper's (arXiv 2510.23564) and ours with intervals."
    return f"<h2>Beside the paper</h2><p>{about}</p>{_table(head, rows, 1)}<ul>{lines}</ul>"


class _Plot(msgspec.Struct, frozen=True):
    title: str
    value: Callable[[Group], Estimate | None]
    write: Callable[[Estimate], str]
    most: float = 0.0


_BY_ENVIRONMENT = (
    _Plot("Success rate", lambda group: group.success, formatting.percent, 1.0),
    _Plot("Reward", lambda group: group.score, formatting.percent, 1.0),
    _Plot("Policy calls of a trajectory", lambda group: group.calls, formatting.number),
    _Plot("Tokens of a trajectory", lambda group: group.tokens, formatting.number),
    _Plot("Cost of a trajectory, US dollars", lambda group: group.cost_usd, lambda e: f"{e.value:.4f}"),
)
_BY_KIND = _Plot("Success rate by kind of task", lambda group: group.success, formatting.percent, 1.0)


def _plots(report: Report, tones: dict[str, int]) -> Iterable[str]:
    for plot in _BY_ENVIRONMENT:
        values = [plot.value(group) for group in report.groups]
        if any(value is not None and value.value for value in values):
            yield _drawn(plot, report.groups, tones, lambda group: group.environment)
    if any(group.kind for group in report.kinds):
        yield _drawn(_BY_KIND, report.kinds, tones, lambda group: f"{group.environment} {group.kind}")
    depths = [(who, _depths(report.groups, who)) for who in tones]
    if depths:
        yield f"<h2>Depth of the tree</h2>{bars('Share of runs by the depth of their tree', depths)}"


def _drawn(plot: _Plot, groups: Iterable[Group], tones: dict[str, int], place: Callable[[Group], str]) -> str:
    rows: list[PlotRow] = []
    for group in groups:
        if PlotRow(place(group)) not in rows:
            rows.append(PlotRow(place(group)))
        if (value := plot.value(group)) is not None:
            rows.append(PlotRow(group.who, value, tones[group.who]))
    return f"<h2>{plot.title}</h2>{intervals(plot.title, rows, plot.write, plot.most)}"


def _depths(groups: Iterable[Group], who: str) -> dict[int, int]:
    found: dict[int, int] = {}
    for group in groups:
        if group.who == who:
            for depth, count in group.depths.items():
                found[depth] = found.get(depth, 0) + count
    return found


def _kinds_table(report: Report) -> str:
    """Success by kind of task, agents and models side by side."""
    whos = list(dict.fromkeys(group.who for group in report.groups))
    cells = {
        (group.environment, group.kind, group.who): f"{formatting.percent(group.success)} n {group.success.n}"
        for group in report.kinds
    }
    kinds = dict.fromkeys((group.environment, group.kind) for group in report.kinds)
    rows = ([*kind, *(cells.get((*kind, who), "") for who in whos)] for kind in kinds)
    return (
        f"<h2>Success % by kind of task</h2>{_table(['environment', 'kind', *whos], rows, 2)}"
        if kinds
        else ""
    )


def _troubles(groups: Iterable[Group]) -> str:
    rows = [
        [
            group.environment,
            group.who,
            formatting.format_counts(group.failures),
            formatting.format_counts(group.errors),
        ]
        for group in groups
        if group.failures or group.errors
    ]
    head = ["environment", "", "not solved because", "errors on the way, repaired or not"]
    return f"<h2>Failures</h2>{_table(head, rows, style='prose')}" if rows else ""


def _runs_table(runs: Sequence[FinishedRun]) -> str:
    head = [
        "session",
        "task",
        "agent · model",
        "outcome",
        "reward",
        "steps",
        "calls",
        "tokens",
        "cost $",
        "depth",
    ]
    rows = (
        [
            str(run.path),
            run.task,
            f"{run.agent} · {run.model}",
            run.failure or "solved",
            _shown(run.result.score, ".3g"),
            *(_shown(n, ",") for n in (run.result.steps, run.result.calls, run.result.tokens)),
            _shown(run.result.cost_usd, ".4f"),
            str(run.result.depth),
        ]
        for run in runs
    )
    note = "<p>Open one with <code>recode replay SESSION</code>.</p>"
    return f"<h2>Runs</h2>{note}{_table(head, rows, 4, 'runs')}" if runs else ""


def _shown(value: float | None, form: str) -> str:
    return formatting.UNKNOWN if value is None else format(value, form)


def _left_table(title: str, left: Sequence[Excluded]) -> str:
    rows = ([str(each.path), each.why] for each in left)
    return f"<h2>{title}</h2>{_table(['session', 'why'], rows, style='runs')}" if left else ""


def _table(
    head: Sequence[str], rows: Iterable[Sequence[str]], numbers_from: int = 99, style: str = ""
) -> str:
    """An HTML table; cells from column `numbers_from` on are numbers."""
    heads = "".join(f"<th{_number(at, numbers_from)}>{escaped(text)}</th>" for at, text in enumerate(head))
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{_number(at, numbers_from)}>{_cell(text, at >= numbers_from)}</td>"
            for at, text in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="wide"><table class="{style}"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _cell(text: str, is_number: bool) -> str:
    """The content of a cell; an interval is shown below its value."""
    value, bracket, interval = text.partition(" [") if is_number else (text, "", "")
    return escaped(value) + (f"<small>[{escaped(interval)}</small>" if bracket else "")


def _number(at: int, numbers_from: int) -> str:
    return ' class="n"' if at >= numbers_from else ""
