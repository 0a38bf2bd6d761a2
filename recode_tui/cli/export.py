"""`recode export`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """What a graph can be written as."""

    GRAPHML = "graphml"
    JSON = "json"


def export(
    file: Annotated[Path, typer.Argument(help="A session file.")],
    to: Annotated[Format, typer.Option(help="GraphML, or node-link JSON.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write this file, not the output.")] = None,
) -> None:
    """Write the tree of a session, with all its branches, as a graph for other tools."""
    import sys

    from recode_core import graph
    from recode_core.session import read
    from recode_tui.cli.output import print_notice

    session = read(file)
    print_notice(session.notice)
    if out is not None:
        graph.write(session.log(), out, to.value)
        return
    sys.stdout.write(graph.FORMATS[to.value](graph.to_graph(session.log())) + "\n")
