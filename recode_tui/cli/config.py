"""`recode config`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def config(
    path: Annotated[bool, typer.Option("--path", help="Print where the file is.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Print what is wrong in it; exits with 2 if anything is.")
    ] = False,
    print_: Annotated[
        bool,
        typer.Option("--print", help="Print all settings; those that the file leaves open are comments."),
    ] = False,
) -> None:
    """Open config.toml in $EDITOR: theme, keys, layout and bell of the screen, and profiles of models.

    A file that is missing is created, with every setting as a comment. Afterwards it is checked.
    """
    from recode_core.config import config_path
    from recode_tui import config as settings
    from recode_tui.user_editor import editor_command, run_editor

    file = config_path()
    if sum((path, check, print_)) > 1:
        raise typer.BadParameter("give one of them", param_hint="--path, --check, --print")
    if path:
        print(file)
    elif print_:
        print(settings.text(settings.load()), end="")
    else:
        if not check:
            editor = editor_command()
            if not file.exists():
                _create(file)
            run_editor([*editor, str(file)])
        raise typer.Exit(_check(file))


def _create(file: Path) -> None:
    from recode_core import files
    from recode_tui import config as settings
    from recode_tui.cli.output import print_notice

    file.parent.mkdir(parents=True, exist_ok=True)
    with files.new_file(file) as stream:
        stream.write(settings.text(settings.Config()).encode())
    print_notice(f"created {file}")


def _check(file: Path) -> int:
    """Print what is wrong in the file, and return the exit code."""
    from recode_core.config import BadConfig
    from recode_core.policies.openai.profile import profiles
    from recode_tui import config as settings
    from recode_tui.cli.output import print_notice

    problems = list(settings.load().problems)
    try:
        profiles()
    except BadConfig as error:
        if not any(problem.partition(": ")[0] == str(error).partition(": ")[0] for problem in problems):
            problems.append(str(error))
    for problem in problems:
        print_notice(problem)
    if not problems:
        print(f"{file}: nothing is wrong" if file.exists() else f"{file} does not exist: the defaults hold")
    return 2 if problems else 0
