"""The command `prompts`: show the prompts of a run, or use others."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

import msgspec

from recode_core.debugger.commands.changes import change_past
from recode_core.debugger.commands.command import BaseCommand, InvalidArguments, split_arguments, usage_error
from recode_core.debugger.outcomes import Outcome, PromptsUsed
from recode_core.debugger.prompts_used import used_prompts
from recode_core.environments import guard
from recode_core.environments.registry import environment
from recode_core.errors import RecodeError
from recode_core.policies.prompts import BUNDLED, Prompts, bundled, load
from recode_core.session import Settings
from recode_core.session.reading import read_header

if TYPE_CHECKING:
    from recode_core.debugger.debugger import Debugger


class UsePrompts(BaseCommand, frozen=True):
    """Use the prompts of a folder from a node on, or `only` for it; without a folder, show the prompts.

    The default node is the one at the cursor, before a policy call.
    """

    usage: ClassVar = "prompts [DIR|bundled [NODE] [only]]"
    help: ClassVar = "show the prompts of the run, or use others from a node on, or for that node only"
    undo: ClassVar = "earlier branch"

    folder: str = ""
    node: str = ""
    only: bool = False

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        folder, *more = split_arguments(text) or [""]
        only = bool(more) and more[-1] == "only"
        nodes = more[: len(more) - only]
        if len(nodes) > 1:
            raise InvalidArguments(f"expected [NODE] [only] after the folder, not {' '.join(more)!r}")
        return cls(folder, nodes[0] if nodes else "", only)

    def arguments(self) -> str:
        return shlex.join(word for word in (self.folder, self.node, "only" if self.only else "") if word)

    def execute(self, debugger: Debugger) -> Outcome:
        settings = _settings(debugger)
        if not self.folder:
            found = used_prompts(debugger.log, debugger.timeline.up_to(debugger.cursor), settings)
            return PromptsUsed(found, settings.prompts)
        node, prompts = self.node or _node(debugger), _chosen(debugger, settings, self.folder)
        found_stop = change_past(debugger, lambda: debugger.change_prompts(node, prompts, self.only))
        return msgspec.structs.replace(found_stop, prompts=prompts)


def _chosen(debugger: Debugger, settings: Settings, folder: str) -> Prompts:
    own_environment = environment(settings.environment)
    if folder == BUNDLED:
        found = bundled(own_environment.guide, settings.agent, debugger.parts.live_run().run.edition)
    else:
        found = load(Path(folder).expanduser(), settings.environment, settings.agent)
    return found.for_kind(guard.kind_of(own_environment, settings.task))


def _node(debugger: Debugger) -> str:
    stop = debugger.stop
    if stop.kind != "model" or stop.place is None:
        raise usage_error(UsePrompts, "expected a node, because the run is not paused before a policy call")
    return stop.place.node


def _settings(debugger: Debugger) -> Settings:
    if debugger.path is None:
        raise RecodeError("`prompts` needs a session with a file: `save` this one and open it")
    return read_header(debugger.path).settings
