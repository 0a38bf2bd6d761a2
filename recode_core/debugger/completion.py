"""Completion of commands: their names, nodes, variables, branches, breakpoints, keywords."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from recode_core.debugger.annotations import Annotations
from recode_core.debugger.breakpoints import KINDS
from recode_core.debugger.commands import COMMANDS
from recode_core.executor import Limits
from recode_core.log import Log
from recode_core.timeline import Timeline

_NODES = frozenset({"edit", "prompt", "reply", "regenerate", "retry", "until", "goto", "note"})
_NAMES = frozenset({"history", "origin", "set", "print", "watch"})
_BRANCHES = frozenset({"switch", "diff"})
_NUMBERED = frozenset({"enable", "disable", "delete"})


class CompletionContext(Protocol):
    """The state that words are completed from. `node` is the one that is offered first."""

    @property
    def node(self) -> str: ...

    @property
    def timeline(self) -> Timeline: ...

    @property
    def log(self) -> Log: ...

    @property
    def annotations(self) -> Annotations: ...


def candidates(line: str, context: CompletionContext | None) -> Iterator[str]:
    """Yield the completions of `line` as whole lines, the most likely first."""
    command, space, rest = line.partition(" ")
    if not space:
        yield from (name for name in COMMANDS if name.startswith(line))
        return
    before, _, word = rest.rpartition(" ")
    lead = f"{command} {before} " if before else f"{command} "
    for following in _words(command, before, context):
        if following.startswith(word):
            yield lead + following


def _words(command: str, before: str, context: CompletionContext | None) -> Iterable[str]:
    if command == "break":
        return KINDS if not before else ("if ", "after ", "log", "once")
    if command == "limit":
        return Limits.__struct_fields__
    if command == "help":
        return COMMANDS
    if command == "regenerate" and before:
        return ("hint ", "model ", "temperature ", "candidates ", "rollout ", "end")
    if command in ("undo", "redo"):
        return ("list",)
    if command == "back":
        return ("next", "continue")
    if context is None:
        return ()
    if command in _NODES:
        return () if before else [context.node, *context.timeline.tree.present()]
    if command in _NAMES:
        return tuple(context.timeline.variables.bindings)
    if command in _BRANCHES:
        return context.log.branches
    if command in _NUMBERED:
        return map(str, context.annotations.breakpoints)
    return ()
