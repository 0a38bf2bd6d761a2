"""Prompts: which a run is asked with, and asking with others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from recode_core.debugger.commands.changes import acted
from recode_core.debugger.commands.console import Console, WrongWords, command, words
from recode_core.debugger.prompts_used import named, used
from recode_core.environments import guard
from recode_core.environments.registry import environment
from recode_core.errors import RecodeError
from recode_core.policies.prompts import OURS, Prompts, bundled, load
from recode_core.session import Settings
from recode_core.session.reading import read_header


@command(
    "prompts [DIR|bundled [NODE] [only]]",
    "show the prompts of the run; or ask with others from a node on, or for that node only",
    "earlier branch",
)
def _prompts(console: Console, text: str, block: str | None) -> Iterator[str]:
    folder, *more = words(text) or [""]
    settings = _settings(console)
    if not folder:
        yield from _shown(console, settings)
        return
    only = bool(more) and more[-1] == "only"
    nodes = more[: len(more) - only]
    if len(nodes) > 1:
        raise WrongWords(f"one node can follow the folder, and only, not {' '.join(more)!r}")
    node = nodes[0] if nodes else _node(console)
    prompts = _chosen(console, settings, folder)
    yield f"{prompts.name} ({prompts.digest}): {_sources(prompts)}"
    yield from acted(console, lambda debugger: debugger.change_prompts(node, prompts, only))


def _shown(console: Console, settings: Settings) -> Iterator[str]:
    debugger = console.debugger
    found = used(debugger.log, debugger.timeline.up_to(debugger.cursor), settings)
    if not found:
        yield "nothing has been asked yet; step goes on"
    for each in found:
        yield f"{named(each)} {'for' if each.only else 'from'} {each.node}"
    if settings.prompts is not None:
        yield f"{settings.prompts.name}: {_sources(settings.prompts)}"


def _sources(prompts: Prompts) -> str:
    """Where each part of a set comes from."""
    return ", ".join(f"{part} from {source}" for part, source in sorted(prompts.sources.items()))


def _chosen(console: Console, settings: Settings, folder: str) -> Prompts:
    home = environment(settings.environment)
    if folder == OURS:
        found = bundled(home.guide, settings.agent, console.debugger.parts.live_run().run.edition)
    else:
        found = load(Path(folder).expanduser(), settings.environment, settings.agent)
    return found.for_kind(guard.kind_of(home, settings.task))


def _node(console: Console) -> str:
    stop = console.debugger.stop
    if stop.kind != "model" or stop.place is None:
        raise WrongWords("a node must follow, since the run is not paused before a model call")
    return stop.place.node


def _settings(console: Console) -> Settings:
    if console.debugger.path is None:
        raise RecodeError("this session has no file that says which environment it is of")
    return read_header(console.debugger.path).settings
