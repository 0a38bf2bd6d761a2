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
        Path | None, typer.Option(parser=options.path, metavar="DIR", help="The folder to import into.")
    ] = None,
) -> None:
    """Import sessions: copies of session files, or runs of the published ReCode code as far as their results
    tell, which recode replay and recode show open.
    """
    from recode_core.export.published import import_results
    from recode_core.session import folder, read
    from recode_tui.cli.output import console, print_notice
    from recode_tui.text import plain

    directory, out = sessions_dir or options.sessions_folder(), console()
    for file in files:
        if _is_session(file):
            paths: tuple[Path, ...] = (folder.import_file(file, directory),)
            print_notice(read(file).notice)
        else:
            imported = import_results(file, directory)
            paths = imported.paths
            for why in imported.left_out:
                print_notice(f"{file}: left out {why}")
        for path in paths:
            out.print(plain(f"session: {path}"))


def _is_session(file: Path) -> bool:
    """Whether a file is a session, damaged or not."""
    from recode_core.errors import NotASession
    from recode_core.session.header import FORMAT
    from recode_core.session.reading import read_header

    try:
        read_header(file)
    except NotASession:
        with file.open("rb") as head:
            return FORMAT.encode() in head.read(200)
    return True
