"""Prompts: which a run is asked with, and asking with others."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

import msgspec

from recode_core.debugger.commands.changes import acted
from recode_core.debugger.commands.command import BaseCommand, WrongWords, misused, split
from recode_core.debugger.outcomes import Outcome, PromptsUsed
from recode_core.debugger.prompts_used import used
from recode_core.environments import guard
from recode_core.environments.registry import environment
from recode_core.errors import RecodeError
from recode_core.policies.prompts import OURS, Prompts, bundled, load
from recode_core.session import Settings
from recode_core.session.reading import read_header

if TYPE_CHECKING:
    from recode_core.debugger.debugger import Debugger


class UsePrompts(BaseCommand, frozen=True):
    """Ask with the prompts of a folder from a node on, or for it `only`; without a folder, show the prompts.

    An empty node is the one that the run is about to ask for.
    """

    usage: ClassVar = "prompts [DIR|bundled [NODE] [only]]"
    help: ClassVar = "show the prompts of the run; or ask with others from a node on, or for that node only"
    undo: ClassVar = "earlier branch"

    folder: str = ""
    node: str = ""
    only: bool = False

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        folder, *more = split(text) or [""]
        only = bool(more) and more[-1] == "only"
        nodes = more[: len(more) - only]
        if len(nodes) > 1:
            raise WrongWords(f"one node can follow the folder, and only, not {' '.join(more)!r}")
        return cls(folder, nodes[0] if nodes else "", only)

    def words(self) -> str:
        return shlex.join(word for word in (self.folder, self.node, "only" if self.only else "") if word)

    def execute(self, debugger: Debugger) -> Outcome:
        settings = _settings(debugger)
        if not self.folder:
            found = used(debugger.log, debugger.timeline.up_to(debugger.cursor), settings)
            return PromptsUsed(found, settings.prompts)
        node, prompts = self.node or _node(debugger), _chosen(debugger, settings, self.folder)
        found_stop = acted(debugger, lambda: debugger.change_prompts(node, prompts, self.only))
        return msgspec.structs.replace(found_stop, prompts=prompts)


def _chosen(debugger: Debugger, settings: Settings, folder: str) -> Prompts:
    home = environment(settings.environment)
    if folder == OURS:
        found = bundled(home.guide, settings.agent, debugger.parts.live_run().run.edition)
    else:
        found = load(Path(folder).expanduser(), settings.environment, settings.agent)
    return found.for_kind(guard.kind_of(home, settings.task))


def _node(debugger: Debugger) -> str:
    stop = debugger.stop
    if stop.kind != "model" or stop.place is None:
        raise misused(UsePrompts, "a node must follow, since the run is not paused before a model call")
    return stop.place.node


def _settings(debugger: Debugger) -> Settings:
    if debugger.path is None:
        raise RecodeError("this session has no file that says which environment it is of")
    return read_header(debugger.path).settings
