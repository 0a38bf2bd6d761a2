"""`recode export`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recode_core.suggest import unknown
from recode_tui.cli import options

if TYPE_CHECKING:
    from recode_core.export.dataset_manifest import DatasetManifest, DatasetTotals
    from recode_core.session import Session

_FORMATS = ("graphml", "json", "html", "script", "sft")
_LAYOUTS = ("openai", "trl")
_TOP = 40.0  # percent, as in the paper


def _format(text: str) -> str:
    """Check the name of an export format. Empty is none."""
    if text and text not in _FORMATS:
        raise typer.BadParameter(unknown("format", text, _FORMATS))
    return text


def _layout(text: str) -> str:
    """Check the name of a layout of training data."""
    if text not in _LAYOUTS:
        raise typer.BadParameter(unknown("layout", text, _LAYOUTS))
    return text


Files = Annotated[
    list[Path],
    options.session_argument(
        f"A session. {options.NAMED} For training data any number of them, and folders of sessions.",
        "FILE...",
    ),
]
Format = Annotated[
    str,
    typer.Option(
        parser=_format,
        metavar="|".join(_FORMATS),
        help="GraphML, node-link JSON, a page to read, a script for recode debug --batch, or training data.",
    ),
]
Out = Annotated[
    Path | None,
    options.path_option("FILE", "Write to this new file, not to stdout.", "--out", "-o"),
]
Top = Annotated[
    float | None,
    typer.Option(
        min=0.01,
        max=100,
        help="Training data: take only the best runs, this many percent of each environment and agent. "
        "[default: 40, or all if --min-score is given]",
    ),
]
MinScore = Annotated[
    float | None, typer.Option(help="Training data: take only runs with at least this score.")
]
Layout = Annotated[
    str,
    typer.Option(
        parser=_layout,
        metavar="|".join(_LAYOUTS),
        help="Training data: messages, as OpenAI reads them; or prompt and completion, as TRL does.",
    ),
]


def export(
    files: Files,
    to: Format = "",
    out: Out = None,
    top: Top = None,
    min_score: MinScore = None,
    layout: Layout = "openai",
) -> None:
    """Write a session for other tools: its tree with all branches, as a graph, or as a page that opens
    without a network; its changes, as a script with asserts; or the (prompt, thought and code) pairs of many
    sessions, to train a model on.

    Training data is taken from the current branch of each session, from every expansion that led to its
    end; a manifest beside it counts the pairs and what was left out. Damaged sessions are named and
    left out, and the command then exits with 2.
    """
    if not to:
        raise typer.BadParameter(f"a format is needed: --to {', '.join(_FORMATS[:-1])} or {_FORMATS[-1]}")
    if to == "sft":
        _write_training_data(files, out, top, min_score, layout)
        return
    if len(files) > 1:
        raise typer.BadParameter(f"only one session can be written as {to}, not {len(files)}")
    _write_session(files[0], to, out)


def _write_session(file: Path, to: str, out: Path | None) -> None:
    from recode_core.export.page import page
    from recode_core.files import write_new
    from recode_core.session import read
    from recode_tui.cli.output import print_notice

    session = read(file)
    print_notice(session.notice)
    match to:
        case "html":
            text = page(session)
        case "script":
            text = _script(session)
        case _:
            text = _graph(session, to)
    if out is None:
        sys.stdout.write(_printed(text, to).removesuffix("\n") + "\n")
    else:
        write_new(out, text)


def _printed(text: str, to: str) -> str:
    """A file as it is printed: what a terminal would obey is escaped as the format has it."""
    from recode_tui.text import json_text, plain, xml_text

    match to:
        case "json":
            return json_text(text.encode())
        case "script":
            return plain(text) if sys.stdout.isatty() else text
        case _:
            return xml_text(text)


def _script(session: Session) -> str:
    from recode_core.debugger.session_script import script_of

    with session.integrity_errors():
        return script_of(session.header, session.log())


def _graph(session: Session, to: str) -> str:
    from recode_core import graph

    with session.integrity_errors():
        return graph.FORMATS[to](graph.to_graph(session.log()))


def _write_training_data(
    files: list[Path], out: Path | None, top: float | None, min_score: float | None, layout: str
) -> None:
    from recode_core.export import sft
    from recode_tui.cli.output import console, print_notice, truncate
    from recode_tui.text import plain

    if out is None:
        raise typer.BadParameter("training data needs a file, with its manifest beside it", param_hint="-o")
    if top is None and min_score is None:
        top = _TOP
    manifest = sft.write(files, out, top=top, least=min_score, layout="trl" if layout == "trl" else "openai")
    for line in _totals(manifest):
        console().print(plain(line))
    console().print(plain(f"{out}, and its manifest {sft.manifest_path(out)}"))
    damaged = [source for source in manifest.sessions if source.left_out == "damaged"]
    for source in damaged:
        print_notice(truncate(f"left out: {source.detail}"))
    if damaged:
        raise typer.Exit(2)


def _totals(manifest: DatasetManifest) -> list[str]:
    lines = [f"{'agent':<10} {'environment':<16} {'runs':>6} {'pairs':>8} {'tokens':>12}  reward %"]
    lines += map(_row, manifest.table)
    for heading, counts in (
        ("sessions left out", manifest.sessions_left_out),
        ("expansions left out", manifest.expansions_left_out),
    ):
        if counts:
            lines.append(f"{heading}: " + ", ".join(f"{count} {reason}" for reason, count in counts.items()))
    return lines


def _row(row: DatasetTotals) -> str:
    spread = "" if row.reward_std is None else f" ± {row.reward_std:.1f}"
    return (
        f"{row.agent:<10} {row.environment:<16} {row.trajectories:>6} {row.pairs:>8,} {row.tokens:>12,}  "
        f"{row.reward_mean:.1f}{spread}"
    )
