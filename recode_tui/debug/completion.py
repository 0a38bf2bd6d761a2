"""Completion of command lines. Listing the commands loads the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from recode_tui.debug import commands
from recode_tui.debug.view_frame import Frame

_NODES = frozenset({"edit", "prompt", "reply", "regenerate", "retry", "until", "goto", "note"})
_NAMES = frozenset({"history", "origin", "set", "print", "watch"})
_BRANCHES = frozenset({"switch", "diff"})
_NUMBERED = frozenset({"enable", "disable", "delete"})


def candidates(line: str, frame: Frame | None) -> Iterator[str]:
    """Yield the completions of `line` as whole lines, the most likely first."""
    command, space, rest = line.partition(" ")
    if not space:
        yield from (name for name in commands.COMMANDS if name.startswith(line))
        return
    before, _, word = rest.rpartition(" ")
    lead = f"{command} {before} " if before else f"{command} "
    for following in _words(command, before, frame):
        if following.startswith(word):
            yield lead + following


def _words(command: str, before: str, frame: Frame | None) -> Iterable[str]:
    from recode_core.debugger.breakpoints import KINDS
    from recode_core.executor import Limits

    if command == "break":
        return KINDS if not before else ("if ", "after ", "log", "once")
    if command == "limit":
        return Limits.__struct_fields__
    if command == "help":
        return commands.COMMANDS
    if command == "regenerate" and before:
        return ("hint ", "model ", "temperature ", "candidates ", "rollout ", "end")
    if command in ("undo", "redo"):
        return ("list",)
    if command == "back":
        return ("next", "continue")
    if frame is None:
        return ()
    if command in _NODES:
        return () if before else [frame.node, *frame.timeline.tree.present()]
    if command in _NAMES:
        return tuple(frame.timeline.variables.bindings)
    if command in _BRANCHES:
        return frame.log.branches
    if command in _NUMBERED:
        return map(str, frame.annotations.breakpoints)
    return ()
