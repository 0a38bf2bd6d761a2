"""The section of a branch on the page: its tree, with the events at each node."""

from __future__ import annotations

from collections.abc import Iterator

from recode_core.events import ExpansionReplied, Failure
from recode_core.export.page.anchors import Anchors
from recode_core.export.page.highlight import Highlighter
from recode_core.export.page.markup import escaped, folded
from recode_core.export.page.node_events import (
    ActionTaken,
    CodeRequested,
    CodeSet,
    NodeEvent,
    NodeEvents,
    TextEvent,
    VariablesChanged,
    children_after,
)
from recode_core.format import counted
from recode_core.log import Log
from recode_core.statuses import glyph_of
from recode_core.timeline.nodes import Node
from recode_core.values import Variable

_BRIEF = 160  # characters of a statement on its line


class BranchSection:
    """The section of one branch. Nodes unchanged after record `common` link to the current branch."""

    def __init__(
        self,
        log: Log,
        name: str,
        events: NodeEvents,
        highlighter: Highlighter,
        shared: dict[str, int],
        anchors: Anchors,
        common: int = -1,
    ) -> None:
        self._log = log
        self._name = name
        self._events = events
        self._highlighter = highlighter
        self._shared = shared
        self._anchors = anchors
        self._common = common
        self._open = self._leading_to_failures()

    def render(self) -> Iterator[str]:
        """Render the section as markup."""
        events, started = self._events, self._log.branches[self._name]
        reason = "" if started is None else f"from record {started.at} of {started.parent}: {started.reason}"
        place = self._anchors.branch(self._name)
        yield f'<section id="{place}"><h2>{escaped(self._name)} <small>{escaped(reason)}</small></h2>'
        if events.timeline.resets and self._common < 0:
            first = events.timeline.resets[-1].event.observation.text
            yield folded("first observation", f"<pre>{escaped(first)}</pre>")
        if events.failed:
            links = (self._link(node) for node in dict.fromkeys(events.failed) if node in events.nodes)
            yield f'<p class="bad">failures: {" ".join(links)}</p>'
        tops = [node.id for node in events.nodes.values() if not node.parent]
        yield from self._nodes(tops)
        yield "</section>"

    def _nodes(self, tops: list[str]) -> Iterator[str]:
        """Render nodes with their descendants, without recursion, because trees can be deep."""
        todo: list[str | Node] = [self._events.nodes[top] for top in reversed(tops)]
        while todo:
            part = todo.pop()
            if isinstance(part, str):
                yield part
            else:
                todo += reversed(list(self._node(part)))

    def _node(self, node: Node) -> Iterator[str | Node]:
        nodes, found = self._events.nodes, self._events.by_node.get(node.id, [])
        if self._common >= 0 and self._events.last.get(node.id, -1) <= self._common:
            there = self._anchors.node(self._log.branch, node.id)
            same = f'<a href="#{there}">as on {escaped(self._log.branch)}</a>'
            yield f'<div class="s same {node.status}"><span>{self._line(node)}</span> {same}</div>'
            return
        place = self._anchors.node(self._name, node.id)
        if not found and not node.children:
            yield f'<div class="s {node.status}" id="{place}">{self._line(node)}{_link_to(place)}</div>'
            return
        is_open = " open" * (not node.parent or node.id in self._open)
        yield f'<details class="n {node.status}" id="{place}"{is_open}>'
        yield f'<summary class="s">{self._line(node)}{_link_to(place)}</summary><div class="b">'
        below = children_after(node, found)
        numbers = self._events.numbers[node.id]
        for at, (n, event) in enumerate(zip(numbers, found, strict=True)):
            yield self._node_event(n, event)
            yield from (nodes[child] for child in below.get(at, ()))
        yield from (nodes[child] for child in below.get(-1, ()))
        yield "</div></details>"

    def _node_event(self, n: int, event: NodeEvent) -> str:
        markup = self._event_markup(event)
        return f"<div{self._anchors.place_record(n)}>{markup}</div>" if markup else ""

    def _event_markup(self, event: NodeEvent) -> str:
        match event:
            case CodeRequested():
                return self._prompt(event)
            case ExpansionReplied():
                return _reply(event)
            case CodeSet(thought=thought, text=code, by=by):
                whose = "" if by == "policy" else f"<small>{'by hand' if by == 'user' else 'reused'}</small>"
                thought_markup = f'<div class="thought">{escaped(thought)}</div>' if thought else ""
                return f"{whose}{thought_markup}{self._highlighter.markup(code)}"
            case ActionTaken():
                return _action(event)
            case VariablesChanged(passes=passes, variables=variables, deleted=deleted):
                shown = [f"<b>{escaped(each.name)}</b> = {_value(each)}" for each in variables]
                shown += [f"<b>{escaped(name)}</b> deleted" for name in deleted]
                return f'<div class="v">{_passes(passes)}<code>{"<br>".join(shown)}</code></div>'
            case TextEvent(what=what, text=text):
                return f"<small>{escaped(what)}</small><pre>{escaped(text)}</pre>"
            case Failure(type=kind, message=message, traceback=traceback):
                trace = folded("traceback", f"<pre>{escaped(traceback)}</pre>") if traceback else ""
                return f'<div class="bad">{escaped(kind)}: {escaped(message)}</div>{trace}'

    def _prompt(self, asked: CodeRequested) -> str:
        messages = "".join(self._message(role, text) for role, text in asked.messages)
        why = "" if asked.reason == "first" else f" · {asked.reason}"
        about = escaped(f"prompt{why}{f' · {asked.model}' if asked.model else ''}")
        return folded(about, messages) if messages else ""

    def _line(self, node: Node) -> str:
        became = f" → {node.code}" if node.code and "\n" not in node.code else ""
        first = " ".join(node.text.split()) + became
        text = first if len(first) <= _BRIEF else f"{first[: _BRIEF - 1]}…"
        counts = ((node.actions, "action"), (node.calls, "call"))
        took = " · ".join(counted(count, what) for count, what in counts if count)
        glyph = glyph_of(node.id, node.kind, node.status, self._events.end.outcome)
        return f'<i title="{node.status}">{glyph}</i>{escaped(text)} <small>{took}</small>'

    def _message(self, role: str, text: str) -> str:
        content = self._log.text(text)
        if text in self._shared:
            there = f'<a href="#{text_place(self._shared[text])}">{len(content):,} characters</a>'
            return f"<p><small>{role}:</small> {there}</p>"
        return f"<p><small>{role}:</small></p><pre>{escaped(content)}</pre>"

    def _link(self, node: str) -> str:
        return f'<a href="#{self._anchors.node(self._name, node)}">{escaped(node)}</a>'

    def _leading_to_failures(self) -> set[str]:
        found: set[str] = set()
        for node in self._events.failed:
            while (above := self._events.nodes.get(node)) is not None and node not in found:
                found.add(node)
                node = above.parent
        return found


def text_place(number: int) -> str:
    """The place of a text that several prompts share."""
    return f"text={number}"


def _link_to(place: str) -> str:
    """The link at the end of a row, to copy it."""
    return f' <a class="l" href="#{place}" tabindex="-1" title="link to this node">#</a>'


def _value(variable: Variable) -> str:
    length = variable.length
    return escaped(variable.value if length is None else f"{variable.value}… ({length:,} characters)")


def _passes(passes: tuple[int, ...]) -> str:
    return f"<small>pass {'.'.join(map(str, passes))} </small>" if passes else ""


def _action(taken: ActionTaken) -> str:
    observation = taken.observation
    by = "" if taken.by == "world" else " <small>answered by hand</small>"
    score = f" <small>score {observation.score:g}</small>" if observation.score else ""
    where = "" if taken.origin is None else f" <small>{escaped(str(taken.origin))}</small>"
    return (
        f'<div class="act">{_passes(taken.passes)}<b>{escaped(taken.action)}</b>{where}{by}{score}'
        f' <a class="l" href="#action={taken.n}" title="the list of actions">≡</a>'
        f"<pre>{escaped(observation.text)}</pre></div>"
    )


def _reply(replied: ExpansionReplied) -> str:
    usage = replied.usage
    tokens = usage.prompt_tokens + usage.completion_tokens
    how = [replied.by if replied.by != "policy" else "", counted(tokens, "token") if tokens else ""]
    how += ["" if replied.finish == "stop" else replied.finish]
    about = escaped(" · ".join(["reply", *filter(None, how)]))
    return folded(about, f"<pre>{escaped(replied.text)}</pre>") if replied.text else ""
