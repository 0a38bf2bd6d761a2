"""`recode export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from recode_tui.cli import options

_FORMATS = ("graphml", "json")


def _format(text: str) -> str:
    """What a graph can be written as."""
    if text not in _FORMATS:
        raise typer.BadParameter(f"{text!r} is no format; there are {' and '.join(_FORMATS)}")
    return text


def export(
    file: options.SessionFile,
    to: Annotated[
        str, typer.Option(parser=_format, metavar="|".join(_FORMATS), help="GraphML, or node-link JSON.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", parser=options.path, metavar="FILE", help="Write this new file, not the output."
        ),
    ] = None,
) -> None:
    """Write the tree of a session, with all its branches, as a graph for other tools."""
    import sys

    from recode_core import graph
    from recode_core.session import read
    from recode_tui.cli.output import print_notice

    session = read(file)
    print_notice(session.notice)
    if out is not None:
        graph.write(session.log(), out, to)
        return
    sys.stdout.write(graph.FORMATS[to](graph.to_graph(session.log())) + "\n")
