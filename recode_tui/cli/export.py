"""`recode export`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recode_tui.cli import options

if TYPE_CHECKING:
    from recode_core.export.dataset_manifest import DatasetManifest, DatasetTotals
    from recode_core.session import Session

_FORMATS = ("graphml", "json", "html", "sft")
_LAYOUTS = ("openai", "trl")
_TOP = 40.0  # percent, as in the paper


def _format(text: str) -> str:
    """What sessions can be written as."""
    if text not in _FORMATS:
        raise typer.BadParameter(f"{text!r} is no format; there are {', '.join(_FORMATS)}")
    return text


def _layout(text: str) -> str:
    """How a line of training data is laid out."""
    if text not in _LAYOUTS:
        raise typer.BadParameter(f"{text!r} is no layout; there are {' and '.join(_LAYOUTS)}")
    return text


def export(
    files: Annotated[
        list[Path],
        typer.Argument(
            parser=options.session,
            autocompletion=options.complete_session,
            metavar="FILE...",
            help=f"A session. {options.NAMED} For training data any number of them, and folders of sessions.",
        ),
    ],
    to: Annotated[
        str,
        typer.Option(
            parser=_format,
            metavar="|".join(_FORMATS),
            help="GraphML, node-link JSON, a page to read, or training data.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", parser=options.path, metavar="FILE", help="Write this new file, not the output."
        ),
    ] = None,
    top: Annotated[
        float | None,
        typer.Option(
            min=0.01,
            max=100,
            help="Training data: take the best runs only, so many percent of each environment and agent. "
            "[default: 40, or all where --min-score is given]",
        ),
    ] = None,
    min_score: Annotated[
        float | None, typer.Option(help="Training data: take only runs that were rewarded so much.")
    ] = None,
    layout: Annotated[
        str,
        typer.Option(
            parser=_layout,
            metavar="|".join(_LAYOUTS),
            help="Training data: messages, as OpenAI reads them; or prompt and completion, as TRL does.",
        ),
    ] = "openai",
) -> None:
    """Write a session for other tools: its tree, with all its branches, as a graph, or as a page that opens
    without a network; or the (prompt, thought and code) pairs of many sessions, to train a model on.

    Training data is taken from the branch that a session goes on on, from every expansion that led to its
    end; a manifest beside it counts what it holds and what was left out. Damaged sessions are named and
    left out, and the command then exits with 2.
    """
    if to == "sft":
        _write_training_data(files, out, top, min_score, layout)
        return
    if len(files) > 1:
        raise typer.BadParameter(f"one session is written as {to} at a time, not {len(files)}")
    _write_session(files[0], to, out)


def _write_session(file: Path, to: str, out: Path | None) -> None:
    from recode_core.export.page import page
    from recode_core.files import write_new
    from recode_core.session import read
    from recode_tui.cli.output import print_notice

    session = read(file)
    print_notice(session.notice)
    text = page(session) if to == "html" else _graph(session, to)
    if out is None:
        sys.stdout.write(text + "\n")
    else:
        write_new(out, text)


def _graph(session: Session, to: str) -> str:
    from recode_core import graph

    with session.integrity_errors():
        return graph.FORMATS[to](graph.to_graph(session.log()))


def _write_training_data(
    files: list[Path], out: Path | None, top: float | None, min_score: float | None, layout: str
) -> None:
    from recode_core.export import sft
    from recode_tui.cli.output import console, print_notice, shortened
    from recode_tui.text import plain

    if out is None:
        raise typer.BadParameter("training data goes to a file, with its manifest beside it", param_hint="-o")
    if top is None and min_score is None:
        top = _TOP
    manifest = sft.write(files, out, top=top, least=min_score, layout="trl" if layout == "trl" else "openai")
    for line in _told(manifest):
        console().print(plain(line))
    console().print(plain(f"{out}, and its manifest {sft.manifest_path(out)}"))
    damaged = [source for source in manifest.sessions if source.left_out == "damaged"]
    for source in damaged:
        print_notice(shortened(f"left out: {source.detail}"))
    if damaged:
        raise typer.Exit(2)


def _told(manifest: DatasetManifest) -> list[str]:
    lines = [f"{'agent':<10} {'environment':<16} {'runs':>6} {'pairs':>8} {'tokens':>12}  reward %"]
    lines += map(_row, manifest.table)
    for what, counts in (
        ("sessions left out", manifest.sessions_left_out),
        ("expansions left out", manifest.expansions_left_out),
    ):
        if counts:
            lines.append(f"{what}: " + ", ".join(f"{count} {why}" for why, count in counts.items()))
    return lines


def _row(row: DatasetTotals) -> str:
    spread = "" if row.reward_std is None else f" ± {row.reward_std:.1f}"
    return (
        f"{row.agent:<10} {row.environment:<16} {row.trajectories:>6} {row.pairs:>8,} {row.tokens:>12,}  "
        f"{row.reward_mean:.1f}{spread}"
    )
