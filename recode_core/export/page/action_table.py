"""The actions of all branches in a table, each linked with the place where the tree shows it."""

from __future__ import annotations

from collections.abc import Iterator

from recode_core.export.page.anchors import Anchors
from recode_core.export.page.markup import escaped
from recode_core.format import counted
from recode_core.timeline import Timeline
from recode_core.timeline.actions import Action

_MANY = 200  # rows of a table that is folded at first
_SHORT = 160  # characters of an observation that is not folded


class ActionTable:
    """The actions of a session; those that branches share are in the first of them."""

    def __init__(self, anchors: Anchors) -> None:
        self._anchors = anchors
        self._shown: set[int] = set()

    def render(self, branches: dict[str, Timeline]) -> Iterator[str]:
        """Render the section as markup."""
        yield '<section id="actions"><h2>Actions</h2>'
        for name, timeline in branches.items():
            yield from self._table(name, timeline)
        yield "</section>"

    def _table(self, name: str, timeline: Timeline) -> Iterator[str]:
        actions = timeline.actions.actions[1:]
        own = [(step, each) for step, each in enumerate(actions, 1) if each.n not in self._shown]
        self._shown |= {each.n for each in actions}
        if not own:
            return
        shared = len(actions) - len(own)
        after = f" after {counted(shared, 'action')} of another branch" if shared else ""
        yield (
            f"<details{' open' * (len(own) <= _MANY)}><summary>{escaped(name)} <small>"
            f"{counted(len(own), 'action')}{after}</small></summary>"
            '<div class="wide"><table class="actions"><thead><tr><th>step<th>node<th>action<th>observation'
            "<th>score</thead><tbody>"
        )
        for step, action in own:
            yield self._row(step, action)
        yield "</tbody></table></div></details>"

    def _row(self, step: int, action: Action) -> str:
        node = action.place.node if action.place is not None else "0"
        observation = action.observation
        score = f"{observation.score:g}" if observation.score else ""
        by = "" if action.by == "world" else " <small>answered by hand</small>"
        return (
            f'<tr id="action={action.n}"><td>{step}<td><a href="#{self._anchors.record(action.n)}">'
            f"{escaped(node)}</a><td><b>{escaped(action.action)}</b><td>{_text(observation.text)}{by}<td>{score}"
        )


def _text(text: str) -> str:
    """An observation; of a long one only its beginning until it is unfolded."""
    line = " ".join(text.split())
    if len(line) <= _SHORT:
        return escaped(line)
    begins = escaped(f"{line[: _SHORT - 1]}…")
    return f'<details class="f"><summary>{begins}</summary><pre>{escaped(text)}</pre></details>'
