"""`recode sessions`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recode_core.format import dollars
from recode_tui.cli import options
from recode_tui.cli.folders import sessions_folder
from recode_tui.text import one_line

if TYPE_CHECKING:
    from recode_core.session.catalog import SessionEntry

_COLUMNS = (
    f"{'session':<26} {'environment':<12} {'task':<20} {'outcome':<18} {'score':>6} {'steps':>6} {'cost':>8}"
)


def sessions(
    sessions_dir: Annotated[Path | None, options.path_option("DIR", "The folder of the sessions.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON array.")] = False,
) -> None:
    """List saved sessions with their results and tags, newest first."""
    from recode_core.session import entry_cache
    from recode_core.session.catalog import load_result, scan

    folder = sessions_dir or sessions_folder()
    found = scan(folder, entry_cache.load(folder))
    entries = [load_result(entry) for entry in found]
    if entries != found:
        entry_cache.save(folder, entries)
    if as_json:
        from recode_tui.cli.output import print_json

        print_json([_row(entry) for entry in entries])
        return
    if not entries:
        print(one_line(f"no sessions in {folder}", 500))
        return
    print(f"{_COLUMNS}  started")
    for entry in entries:
        print(_line(entry))


def _line(entry: SessionEntry) -> str:
    name, started = one_line(entry.path.stem, 26), f"{datetime.fromtimestamp(entry.created):%Y-%m-%d %H:%M}"
    if entry.error or entry.header is None or entry.result is None:
        return f"{name:<26} {one_line(entry.error, 300)}"
    settings, result = entry.header.settings, entry.result
    unfinished = "running" if entry.is_running else "unfinished"
    outcome = f"limit of {result.limit}" if result.outcome == "limit" else result.outcome or unfinished
    tags = "".join(f" #{tag}" for tag in entry.tags)
    cost = dollars(result.cost_usd, "unknown")
    score = "–" if result.score is None else f"{result.score:.2f}"
    steps = "–" if result.steps is None else result.steps
    return (
        f"{name:<26} {one_line(settings.environment, 12):<12} {one_line(settings.task, 20):<20} "
        f"{one_line(outcome, 18):<18} {score:>6} {steps:>6} {cost:>8}  {started}{tags}"
    )


def _row(entry: SessionEntry) -> dict[str, object]:
    """A session for JSON; unknown values are null."""
    import msgspec

    settings = entry.header.settings if entry.header else None
    names = ("environment", "task", "agent", "policy", "model")
    return {
        "path": str(entry.path).encode(errors="replace").decode(),
        "created": entry.header.created if entry.header else None,
        **{name: getattr(settings, name) if settings else None for name in names},
        "imported": entry.header.imported if entry.header else None,
        "instruction": entry.instruction if entry.result else None,
        "branches": entry.branches if entry.result else None,
        "tags": entry.tags,
        "running": entry.is_running,
        "result": msgspec.structs.asdict(entry.result) if entry.result else None,
        "error": entry.error,
    }
