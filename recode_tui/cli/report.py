"""`recode report`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recode_tui.cli import options

if TYPE_CHECKING:
    from rich.table import Table

    from recode_core.report.paper import Comparison
    from recode_core.report.runs import Excluded
    from recode_core.report.summary import Group, Report

_ACROSS = 6  # columns of a table that tells seen and unseen tasks apart
_NAMED = 20  # files that are named before the rest is only counted


def report(
    places: Annotated[
        list[Path],
        typer.Argument(
            parser=options.session,
            autocompletion=options.complete_session,
            metavar="DIR...",
            help="Folders of sessions, session files, or names of sessions.",
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: groups and runs.")] = False,
    csv: Annotated[
        Path | None,
        typer.Option(parser=options.path, metavar="FILE", help="Write a line a run to this new file."),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(parser=options.path, metavar="FILE", help="Write a page with plots to this new file."),
    ] = None,
    paper: Annotated[
        bool,
        typer.Option(
            "--paper", help="Put the ReCode paper's table beside it, and say which figures may be compared."
        ),
    ] = False,
) -> None:
    """Compare recorded runs by environment and kind of task, agents and models side by side.

    Success, reward, steps, calls, tokens, cost, depth and branching, with confidence intervals.
    """
    import msgspec

    from recode_core.files import write_new
    from recode_core.report.csv_table import to_csv
    from recode_core.report.page import to_html
    from recode_core.report.paper import compare
    from recode_core.report.runs import gather
    from recode_core.report.summary import report_of
    from recode_tui.cli.output import print_json

    made = report_of(gather(places))
    comparison = compare(made.collection) if paper else None
    if csv is not None:
        write_new(csv, to_csv(made.collection))
    if html is not None:
        write_new(html, to_html(made, comparison))
    if as_json:
        fields = zip(made.__struct_encode_fields__, msgspec.structs.astuple(made), strict=True)
        print_json(made if comparison is None else dict(fields) | {"paper": comparison})
        return
    _print(made)
    if comparison is not None:
        _print_paper(comparison)


def _print(made: Report) -> None:
    from recode_core.report import formatting
    from recode_core.report.page.page import sources_text
    from recode_tui.cli.output import console

    out = console()
    out.print(sources_text(made))
    for environment in dict.fromkeys(group.environment for group in made.groups):
        for groups in _columns(made, environment):
            out.print()
            out.print(_sides(made, environment, groups))
    rows = [group for group in made.groups if group.failures or group.errors]
    for group in rows:
        out.print(f"{group.environment} · {group.who}")
        if group.failures:
            out.print(f"  not solved because: {formatting.format_counts(group.failures)}")
        if group.errors:
            out.print(f"  errors on the way: {formatting.format_counts(group.errors)}")
    _print_left("unfinished", made.collection.unfinished)
    _print_left("damaged", made.collection.damaged)


def _print_paper(comparison: Comparison) -> None:
    from rich.table import Table

    from recode_core.report.paper_table import notes, table
    from recode_tui.cli.output import console
    from recode_tui.text import one_line

    head, *rows = table(comparison)
    shown = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="")
    for at, heading in enumerate(head):
        shown.add_column(heading, justify="right" if at else "left")
    for row in rows:
        shown.add_row(*(one_line(cell, 80) for cell in row))
    out = console()
    out.print("\naverage reward %, the paper's (arXiv 2510.23564) and ours with 95 % intervals")
    out.print(shown)
    for line in notes(comparison):
        out.print(one_line(line, 600))


def _columns(made: Report, environment: str) -> Iterator[list[Group]]:
    """The columns of each table of an environment: one for an agent with a model, then one each for its seen
    and unseen tasks where the benchmark tells these apart. Many of these take more than one table.
    """
    columns: list[Group] = []
    for whole in (group for group in made.groups if group.environment == environment):
        parts = [part for part in made.seen if (part.environment, part.who) == (environment, whole.who)]
        if parts and columns and len(columns) + 1 + len(parts) > _ACROSS:
            yield columns
            columns = []
        columns += [whole, *parts]
    yield columns


def _sides(made: Report, environment: str, groups: list[Group]) -> Table:
    """Agents and models side by side in one environment."""
    from rich.table import Table

    from recode_core.report import formatting
    from recode_tui.text import one_line

    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="")
    table.add_column(one_line(environment, 40), style="dim")
    for group in groups:
        table.add_column(one_line(group.seen or group.who, 40), justify="right")
    for name, write in formatting.MEASURES.items():
        table.add_row(name, *(write(group) for group in groups))
    kinds = [group for group in made.kinds if group.environment == environment and group.kind]
    cells = {(group.kind, group.who): f"{formatting.percent(group.success)}" for group in kinds}
    for kind in dict.fromkeys(group.kind for group in kinds):
        sides = ("" if group.seen else cells.get((kind, group.who), "") for group in groups)
        table.add_row(f"success % {one_line(kind, 30)}", *sides)
    return table


def _print_left(what: str, left: tuple[Excluded, ...]) -> None:
    from recode_tui.cli.output import console, shortened
    from recode_tui.text import one_line, plain

    out = console()
    for each in left[:_NAMED]:
        out.print(f"{what}: {plain(str(each.path))}: {one_line(shortened(each.why), 300)}")
    if len(left) > _NAMED:
        out.print(f"{what}: {len(left) - _NAMED} more; --json names them all")
