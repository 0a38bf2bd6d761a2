"""`recode prompts`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recode_tui.cli import options

if TYPE_CHECKING:
    from recode_core.policies.prompts import Prompts

prompts = typer.Typer(
    help="Show the prompts sent to a model, or write the bundled ones into a folder as a start for your own.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@prompts.command()
def show(
    env: Annotated[str, typer.Option(help="The environment, such as household.")],
    task: Annotated[
        str | None, typer.Option(help="A task, such as put:7, to show the examples for its kind.")
    ] = None,
    agent: Annotated[str, typer.Option(help="recode, react or codeact.")] = "recode",
    prompts: options.PromptsFolder = None,
    text: Annotated[bool, typer.Option("--text", help="Print the whole system message too.")] = False,
    as_json: options.AsJson = False,
) -> None:
    """Print the source of each part of the prompts: a file of the folder, or the bundled set.

    The parts are: how to write code (rules), what the world understands (actions), worked examples.
    """
    from recode_core.environments import guard
    from recode_core.environments.registry import environment
    from recode_core.policies.prompts import bundled, load, system_text
    from recode_tui.cli.output import print_json
    from recode_tui.text import plain

    world_kind = environment(env)
    found = bundled(world_kind.guide, agent) if prompts is None else load(prompts, env, agent)
    if task is not None:
        found = found.for_kind(guard.kind_of(world_kind, guard.absolute(world_kind, task)))
    system = system_text(found)
    if as_json:
        row = {"name": found.name, "digest": found.digest, "sources": found.sources, "system": system}
        print_json(row)
        return
    print(plain(f"{found.name} ({found.digest}) for {env}{f' {task}' if task else ''}, {agent}"))
    for part, source in sorted(found.sources.items(), key=_order):
        print(plain(f"  {part:<{_width(found)}}  {source:<28} {len(_part(found, part)):>6,} characters"))
    if text:
        print()
        print(plain(system))


@prompts.command()
def export(
    folder: Annotated[Path, typer.Argument(parser=options.path, metavar="DIR", help="A new folder.")],
    env: Annotated[str | None, typer.Option(help="Only this environment, such as household.")] = None,
) -> None:
    """Write the bundled prompts into a folder: change what you like, and pass it to a run with --prompts DIR.

    Files that you delete are taken from the bundled set of the installed version.
    """
    from recode_core.policies.prompts.export import export as write
    from recode_tui.text import plain

    for path in write(folder, env or ""):
        print(plain(str(path)))


def _order(source: tuple[str, str]) -> tuple[int, str]:
    part = source[0].partition("/")[0]
    return ("rules", "actions", "examples").index(part), source[0]


def _width(found: Prompts) -> int:
    return max(len(part) for part in found.sources)


def _part(found: Prompts, part: str) -> str:
    from recode_core.policies.prompts.folder import text_of

    return text_of(found, part)
