"""`recode tasks`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from recode_tui.text import one_line


def tasks(
    env: Annotated[str, typer.Option(help="The environment, such as household.")],
    split: Annotated[str | None, typer.Option(help="Only the tasks of this split.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON array.")] = False,
) -> None:
    """List the tasks of an environment."""
    import msgspec

    from recode_core.environments.registry import environment

    found = environment(env).tasks(split)
    if as_json:
        sys.stdout.write(msgspec.json.encode(list(found)).decode() + "\n")
        return
    for task in found:
        print(f"{one_line(task.id, 200):<16} {one_line(task.instruction, 200)}")
