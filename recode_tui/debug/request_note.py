"""The text above the code that a person writes for a placeholder: the last observation and the variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from recode_core.format import counted
from recode_core.timeline.actions import Action
from recode_core.values import Variable
from recode_tui.debug.value_nodes import ValueNode, value_tree

_STEP = "  "
_LONGEST = 90  # characters of a container on one line
_DEEPEST = 3  # levels of containers that are divided
_MOST = 50  # items of a container


def request_note(variables: Iterable[Variable], last: Action | None, repair: str = "") -> str:
    """The reason of a repair, the last observation unless a variable is just that, and the variables."""
    trees = [(variable, value_tree(variable.name, variable.value)) for variable in variables]
    parts = [repair] if repair else []
    if last is not None and all(tree.content != last.observation.text for _, tree in trees):
        heading = f"The last observation, after {last.action}:" if last.action else "The first observation:"
        parts.append("\n".join((heading, *_indented(last.observation.text))))
    parts.append("\n".join(line for variable, tree in trees for line in _variable(variable, tree)))
    return "\n\n".join(part for part in parts if part)


def _variable(variable: Variable, tree: ValueNode) -> Iterator[str]:
    """A variable with its type, as readable lines."""
    cut = "" if variable.length is None else f", shortened from {counted(variable.length, 'character')}"
    yield from _lines(tree, f"{variable.name} ({variable.type}{cut})", 0)


def _lines(node: ValueNode, name: str, depth: int) -> Iterator[str]:
    lead, content = _STEP * depth, node.content
    if "\n" in content:
        yield f"{lead}{name}:"
        yield from (f"{lead}{line}" for line in _indented(content))
    elif not node.children or depth == _DEEPEST or (len(content) <= _LONGEST and "\\n" not in content):
        yield f"{lead}{name}: {content}"
    else:
        yield f"{lead}{name}:"
        for child in node.children[:_MOST]:
            yield from _lines(child, child.key, depth + 1)
        if len(node.children) > _MOST:
            yield f"{lead}{_STEP}… {counted(len(node.children) - _MOST, 'more item')}"


def _indented(text: str) -> Iterator[str]:
    return (f"{_STEP}{line}".rstrip() for line in text.strip("\n").split("\n"))
