"""`recode tasks`."""

from __future__ import annotations

from typing import Annotated

import typer

from recode_tui.text import one_line

_LONGEST = 1000  # characters of a message


def tasks(
    env: Annotated[
        str | None, typer.Option(help="The environment, such as household; all environments if not given.")
    ] = None,
    split: Annotated[
        str | None,
        typer.Option(metavar="SPLIT|FILE", help="Only the tasks of this split, or of a JSON list in a file."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON array.")] = False,
) -> None:
    """List the tasks of an environment; or all environments, and how to install what they need."""
    if env is None:
        if split is not None:
            raise typer.BadParameter("a split needs --env", param_hint="--split")
        _list_environments(as_json)
        return
    from recode_core.environments import splits
    from recode_core.environments.registry import environment
    from recode_tui.cli.output import print_json

    found = splits.tasks(environment(env), split)
    if as_json:
        print_json(list(found))
        return
    for task in found:
        print(f"{one_line(task.id, 200):<16} {one_line(task.instruction, 200)}")


def _list_environments(as_json: bool) -> None:
    from recode_core.environments.registry import missing, names
    from recode_tui.cli.output import print_json

    found = {name: missing(name) for name in names()}
    if as_json:
        print_json([{"name": name, "missing": lack} for name, lack in found.items()])
        return
    for name, lack in found.items():
        print(f"{one_line(name, 60):<16} {one_line(lack, _LONGEST) or 'ready'}")
