"""`recode import`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from recode_tui.cli import options
from recode_tui.cli.folders import sessions_folder


def import_(
    files: Annotated[
        list[Path],
        options.session_argument(
            "A session file, a sample's name, or results.json of the published ReCode code.", "FILE..."
        ),
    ],
    sessions_dir: Annotated[Path | None, options.path_option("DIR", "The folder to import into.")] = None,
) -> None:
    """Import sessions: copies of session files, or runs of the published ReCode code as far as their results
    tell, which recode replay and recode show open.
    """
    from recode_core.export.published import import_results
    from recode_core.session import folder, read
    from recode_tui.cli.output import console, print_notice
    from recode_tui.text import plain

    directory, out = sessions_dir or sessions_folder(), console()
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
