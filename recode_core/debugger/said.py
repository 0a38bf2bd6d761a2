"""What questions and trials say, as plain lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recode_core.debugger.blame import Blame
from recode_core.debugger.candidates import Candidate
from recode_core.debugger.diff import Aligned, Answer, Difference, State
from recode_core.debugger.estimates import Estimate
from recode_core.debugger.questions import Origin
from recode_core.debugger.show import short, variable
from recode_core.events import ActionFinished, ExpansionEdited, ExpansionReplied, VariableSet, WorldReset
from recode_core.log import Record
from recode_core.timeline.nodes import NodeTree
from recode_core.timeline.variables import Binding

_SIGNS: dict[State, str] = {"same": "=", "changed": "~", "added": "+", "removed": "-"}


def change(found: Binding) -> str:
    """A change of a variable in a line."""
    where = "the world's reset" if found.place is None else found.place.node
    return f"record {found.n} · {where} · {variable(found.variable) if found.variable else 'deleted'}"


def origin(found: Origin) -> Iterator[str]:
    """The statement, the observations and the reply that a value comes from."""
    yield change(found.change)
    if found.statement:
        yield f"  by the statement: {short(found.statement)}"
    for record in found.observations:
        if isinstance(record.event, ActionFinished | WorldReset):
            yield f"  from the observation in record {record.n}: {short(record.event.observation.text)}"
    if found.written is not None:
        yield f"  written in record {found.written.n}: {_writer(found.written)}"


def _writer(record: Record) -> str:
    match record.event:
        case ExpansionReplied(node=node, by="policy"):
            return f"the policy's reply for {node}"
        case ExpansionReplied(node=node, by=by):
            return f"the reply for {node}, by {by}"
        case ExpansionEdited(node=node):
            return f"an edit of {node}"
        case VariableSet(name=name):
            return f"{name} was set by the user"
    return type(record.event).__name__


def difference(found: Difference, left: NodeTree, right: NodeTree) -> Iterator[str]:
    """The nodes that differ, and the first observation that does."""
    same = sum(node.state == "same" for node in found.nodes)
    yield f"{same} of {len(found.nodes)} nodes are the same"
    for node in found.nodes:
        if node.state != "same":
            yield _aligned(node, left, right)
    if found.first is not None:
        yield f"the first difference in what was observed is after action {found.first.step}:"
        yield f"  - {_answer(found.first.left)}"
        yield f"  + {_answer(found.first.right)}"


def _aligned(node: Aligned, left: NodeTree, right: NodeTree) -> str:
    texts = [
        moment.nodes[id].text for moment, id in ((left, node.left), (right, node.right)) if id is not None
    ]
    ids = dict.fromkeys(id for id in (node.left, node.right) if id is not None)
    differs = f"  ({', '.join(node.differs)})" if node.differs else ""
    text = " → ".join(dict.fromkeys(short(text) for text in texts))
    return f"{_SIGNS[node.state]} {' → '.join(ids)}  {text}{differs}"


def _answer(answer: Answer | None) -> str:
    if answer is None:
        return "nothing more"
    action = f"{short(answer.action)}: " if answer.action else ""
    return f"record {answer.n} · {action}{short(answer.text)}"


def estimate(expected: Estimate) -> str:
    """What is going to be spent."""
    tokens = "" if expected.tokens is None else f", {expected.tokens} tokens"
    return f"about {_calls(expected.calls)}{tokens}, {_cost(expected.cost_usd)}: {expected.reckoned}"


def candidates(tried: Sequence[Candidate]) -> Iterator[str]:
    """A row a candidate."""
    for candidate in tried:
        cells = [
            f"{candidate.number}  {candidate.outcome}",
            f"score {candidate.score:g}",
            f"{candidate.steps} steps",
            _calls(candidate.calls),
            _cost(candidate.cost_usd),
            short(candidate.code.partition("\n")[0] or candidate.detail, 60),
        ]
        yield " · ".join(cells)


def blame(found: Blame) -> Iterator[str]:
    """Every probe, and the decision that they point to."""
    for probe in found.probes:
        yield f"{probe.node}: {probe.successes} of {probe.k} solved"
    if not found.is_whole:
        yield "paused before the end; that is as far as it came"
    elif found.last_good is None:
        yield "no fresh continuation succeeds, not even from the start"
    else:
        yield f"the expansion of {found.last_good} is the decision that lost the task"


def _calls(count: int) -> str:
    return f"{count} call{'' if count == 1 else 's'}"


def _cost(usd: float | None) -> str:
    return "at an unknown price" if usd is None else f"${usd:.4f}"
