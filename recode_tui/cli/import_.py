"""`recode import`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from recode_tui.cli import options


def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            parser=options.session,
            autocompletion=options.complete_session,
            metavar="FILE...",
            help="A session file, a sample's name, or results.json of the published ReCode code.",
        ),
    ],
    sessions_dir: Annotated[
        Path | None, typer.Option(parser=options.path, metavar="DIR", help="Put them into this folder.")
    ] = None,
) -> None:
    """Put sessions into the folder of sessions: copies of session files, or what can be known of the runs
    of the published ReCode code, to be looked at with recode replay and recode show.
    """
    from recode_core.export.published import import_results
    from recode_core.session import folder, read
    from recode_tui.cli.output import console, print_notice
    from recode_tui.text import plain

    into, out = sessions_dir or options.sessions_folder(), console()
    for file in files:
        if _is_session(file):
            paths: tuple[Path, ...] = (folder.import_file(file, into),)
            print_notice(read(file).notice)
        else:
            imported = import_results(file, into)
            paths = imported.paths
            for why in imported.left_out:
                print_notice(f"{file}: left out {why}")
        for path in paths:
            out.print(plain(f"session: {path}"))


def _is_session(file: Path) -> bool:
    """Whether a file is one of ours, damaged or not."""
    from recode_core.errors import NotASession
    from recode_core.session.header import FORMAT
    from recode_core.session.reading import read_header

    try:
        read_header(file)
    except NotASession:
        with file.open("rb") as head:
            return FORMAT.encode() in head.read(200)
    return True
