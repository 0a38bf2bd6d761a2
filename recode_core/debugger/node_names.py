"""Finding the node that an unknown name means: by the function it calls, or by a similar id."""

from __future__ import annotations

import re

from recode_core.errors import RecodeError
from recode_core.suggest import closest
from recode_core.timeline import Timeline
from recode_core.timeline.nodes import is_node_id

_CALLED = re.compile(r"(\w+)\s*\(")


def meant_node(timeline: Timeline, text: str) -> str:
    """The node that a text probably means; empty for a node id, or if there is none.

    The name of a function means the first node that calls it.
    """
    if is_node_id(text):
        return ""
    nodes = timeline.tree.present()
    calls: dict[str, str] = {}
    for node in nodes:
        called = _CALLED.search(timeline.tree.nodes[node].text_at(timeline.end.n).text)
        if called is not None:
            calls.setdefault(called[1], node)
    name = closest(text.partition("(")[0], calls)
    return calls[name] if name else closest(text, nodes)


def node_error(timeline: Timeline, node: str, message: str) -> RecodeError:
    """An error about a node, with the one that was meant if the text is none."""
    meant = meant_node(timeline, node)
    error = RecodeError(f"{message}; did you mean {meant}?" if meant else message)
    if meant:
        error.correction = node, meant
    return error
