"""`recode report`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recode_tui.cli import options

if TYPE_CHECKING:
    from rich.table import Table

    from recode_core.report.paper import Comparison
    from recode_core.report.runs import Excluded
    from recode_core.report.summary import Group, Report

_MAX_COLUMNS = 6  # of a table with seen and unseen tasks
_MAX_NAMED = 20  # excluded files that are named; the others are counted


Places = Annotated[
    list[Path],
    options.session_argument("Folders of sessions, session files, or names of sessions.", "DIR..."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object: groups and runs.")]
Csv = Annotated[
    Path | None,
    options.path_option("FILE", "Write one line a run to this new file."),
]
Html = Annotated[
    Path | None,
    options.path_option("FILE", "Write a page with plots to this new file."),
]
Paper = Annotated[
    bool,
    typer.Option(
        "--paper", help="Add the table of the ReCode paper, and say which of its figures can be compared."
    ),
]


def report(
    places: Places,
    as_json: AsJson = False,
    csv: Csv = None,
    html: Html = None,
    paper: Paper = False,
) -> None:
    """Compare recorded runs by environment and kind of task, agents and models side by side.

    Success, reward, steps, calls, tokens, cost, depth and branching, with confidence intervals.
    """
    from recode_core.files import write_new
    from recode_core.report.csv_table import to_csv
    from recode_core.report.page import to_html
    from recode_core.report.paper import compare
    from recode_core.report.runs import gather
    from recode_core.report.summary import report_of

    summary = report_of(gather(places))
    comparison = compare(summary.collection) if paper else None
    if csv is not None:
        write_new(csv, to_csv(summary.collection))
    if html is not None:
        write_new(html, to_html(summary, comparison))
    if as_json:
        _print_json(summary, comparison)
        return
    _print_tables(summary)
    _print_causes(summary.groups)
    _print_excluded("unfinished", summary.collection.unfinished)
    _print_excluded("damaged", summary.collection.damaged)
    if comparison is not None:
        _print_paper(comparison)


def _print_json(summary: Report, comparison: Comparison | None) -> None:
    import msgspec

    from recode_tui.cli.output import print_json

    if comparison is None:
        print_json(summary)
        return
    fields = zip(summary.__struct_encode_fields__, msgspec.structs.astuple(summary), strict=True)
    print_json(dict(fields) | {"paper": comparison})


def _print_tables(summary: Report) -> None:
    from recode_core.report.page.page import sources_text
    from recode_tui.cli.output import console

    out = console()
    out.print(sources_text(summary))
    for environment in dict.fromkeys(group.environment for group in summary.groups):
        for groups in _columns(summary, environment):
            out.print()
            out.print(_table(summary, environment, groups))


def _print_causes(groups: Sequence[Group]) -> None:
    from recode_core.report.formatting import format_counts
    from recode_tui.cli.output import console

    out = console()
    for group in groups:
        if group.failures or group.errors:
            out.print(f"{group.environment} · {group.who}")
        if group.failures:
            out.print(f"  not solved because: {format_counts(group.failures)}")
        if group.errors:
            out.print(f"  errors on the way: {format_counts(group.errors)}")


def _print_paper(comparison: Comparison) -> None:
    from rich.table import Table

    from recode_core.report.paper_table import notes, table
    from recode_tui.cli.output import console
    from recode_tui.text import one_line

    head, *rows = table(comparison)
    printed = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="")
    for at, heading in enumerate(head):
        printed.add_column(heading, justify="right" if at else "left")
    for row in rows:
        printed.add_row(*(one_line(cell, 80) for cell in row))
    out = console()
    out.print("\naverage reward %, the paper's (arXiv 2510.23564) and ours with 95 % intervals")
    out.print(printed)
    for line in notes(comparison):
        out.print(one_line(line, 600))


def _columns(summary: Report, environment: str) -> Iterator[list[Group]]:
    """The columns of each table of an environment: one for an agent with a model, then one each for its seen
    and unseen tasks if the benchmark has both. Tables are split before they get too wide.
    """
    columns: list[Group] = []
    for whole in (group for group in summary.groups if group.environment == environment):
        parts = [part for part in summary.seen if (part.environment, part.who) == (environment, whole.who)]
        if parts and columns and len(columns) + 1 + len(parts) > _MAX_COLUMNS:
            yield columns
            columns = []
        columns += [whole, *parts]
    yield columns


def _table(summary: Report, environment: str, groups: list[Group]) -> Table:
    """A table of an environment, agents and models side by side."""
    from rich.table import Table

    from recode_core.report import formatting
    from recode_tui.text import one_line

    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="")
    table.add_column(one_line(environment, 40), style="dim")
    for group in groups:
        table.add_column(one_line(group.seen or group.who, 40), justify="right")
    for name, write in formatting.MEASURES.items():
        table.add_row(name, *(write(group) for group in groups))
    kinds = [group for group in summary.kinds if group.environment == environment and group.kind]
    cells = {(group.kind, group.who): f"{formatting.percent(group.success)}" for group in kinds}
    for kind in dict.fromkeys(group.kind for group in kinds):
        values = ("" if group.seen else cells.get((kind, group.who), "") for group in groups)
        table.add_row(f"success % {one_line(kind, 30)}", *values)
    return table


def _print_excluded(reason: str, excluded: tuple[Excluded, ...]) -> None:
    from recode_tui.cli.output import console, truncate
    from recode_tui.text import one_line, plain

    out = console()
    for each in excluded[:_MAX_NAMED]:
        out.print(f"{reason}: {plain(str(each.path))}: {one_line(truncate(each.why), 300)}")
    if len(excluded) > _MAX_NAMED:
        out.print(f"{reason}: {len(excluded) - _MAX_NAMED} more; --json names them all")
