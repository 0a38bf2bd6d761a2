"""A session as lines of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from recode_core.debugger import queries, render
from recode_core.debugger.debugger import Debugger
from recode_core.errors import RecodeError
from recode_core.format import counted, dollars, score_text
from recode_core.log import Log
from recode_core.mcp.pages import quoted
from recode_core.mcp.sessions import ClientSession
from recode_core.result import imported_as
from recode_core.session import Header
from recode_core.statuses import outcome_text
from recode_core.timeline import Moment, Timeline
from recode_core.timeline.nodes import Node, is_descendant

_CHANGED = 8  # variables that are shown when they changed


def status(opened: ClientSession) -> Iterator[str]:
    """Which session it is, and its moment."""
    session = opened.session
    mode = "read-only" if opened.is_readonly else "can be continued"
    yield from quoted([f"session {opened.id} · {mode} · {session.path}"], "")
    yield from about(session.header)
    yield from quoted(session.notice.splitlines(), "notice: ")
    yield from now(opened)


def about(header: Header) -> Iterator[str]:
    """The environment, task, agent and policy of a session."""
    settings = header.settings
    named = (settings.environment, settings.task, settings.agent, settings.policy, settings.model)
    yield from quoted([" · ".join(dict.fromkeys(filter(None, named)))], "run: ")


def now(opened: ClientSession) -> Iterator[str]:
    """The stop, the numbers of the episode, the open expansions, and the variables that changed."""
    debugger = opened.debugger
    moment = debugger.moment
    yield from quoted([f"[{debugger.branch}] {render.stop_line(moment.timeline, debugger.stop)}"], "at: ")
    yield from quoted([episode(moment)], "episode: ")
    if moment.path:
        yield from quoted([" > ".join(place.node for place in moment.path)], "open: ")
    yield from _changed(opened, moment)


def episode(moment: Moment) -> str:
    """The numbers of an episode so far."""
    imported = imported_as(moment.timeline.records)
    if imported is not None:
        return f"imported; {score_text(imported.score)}, other numbers are not in its file"
    usage, limit = moment.usage, moment.limit
    outcome = outcome_text(moment.outcome, limit.name if limit else None)
    counts = (counted(moment.steps, "step"), counted(usage.calls, "call"), counted(usage.tokens, "token"))
    return " · ".join([outcome, score_text(moment.score), *counts, dollars(usage.cost_usd)])


def _changed(opened: ClientSession, moment: Moment) -> Iterator[str]:
    variables = moment.variables()
    changed = [each for name, each in variables.items() if opened.seen.get(name) != each]
    gone = [name for name in opened.seen if name not in variables]
    opened.seen = variables
    if changed:
        yield "variables that changed:"
        yield from quoted(render.short(render.variable(each), 200) for each in changed[:_CHANGED])
        if len(changed) > _CHANGED:
            yield f"  … and {len(changed) - _CHANGED} more: read(what='variables')"
    if gone:
        yield from quoted([f"no longer set: {', '.join(gone)}"], "")


def report(log: Log, timeline: Timeline) -> Iterator[str]:
    """The result of a branch, the other branches, and what failed."""
    end = timeline.end
    yield from quoted([render.short(end.instruction, 500)], "task: ")
    yield from quoted([episode(end)], f"result of {timeline.branch}: ")
    if len(log.branches) > 1:
        yield "branches:"
        yield from quoted(render.branches(log, timeline.branch))
    failed = [node for node in end.nodes.values() if node.failure is not None]
    refused = [node for node in end.nodes.values() if node.refusals]
    if failed:
        yield "failures:"
        yield from quoted(_failure(node) for node in failed)
    if refused:
        yield "refused replies:"
        yield from quoted(f"{node.id}: {node.refusals}, the last: {node.refusal}" for node in refused)


def _failure(node: Node) -> str:
    failure = node.failure
    assert failure is not None
    return f"{node.id}: {render.short(node.text)}: {failure.type}: {render.short(failure.message, 300)}"


def tree(moment: Moment) -> Iterator[str]:
    """Every node that exists, below its parent."""
    stack = [(moment.root, 0)] if moment.root is not None else []
    while stack:
        node, depth = stack.pop()
        status = "not expanded" if node.kind == "placeholder" and not node.code else node.status
        counts = [status, counted(node.actions, "action")] if node.actions else [status]
        text = render.short(node.text.partition("\n")[0])
        yield from quoted([f"{node.id}  {text}  ({', '.join(counts)})"], "  " * (depth + 1))
        children = (moment.nodes.get(child) for child in reversed(node.children))
        stack += [(child, depth + 1) for child in children if child is not None]


def code(debugger: Debugger, node: str) -> Iterator[str]:
    """The thought and the code around a node, with the ids of its statements."""
    moment = debugger.moment
    call = moment.call_shown(_known(moment, node).id)
    found = moment.code_shown(call)
    if found is None:
        raise RecodeError(f"{node} has no code yet")
    by = {"user": "written by hand", "reuse": "reused", "policy": "from the policy"}[found.by]
    yield f"code of {call}, {by}, expansion {found.attempt}, record {found.n}:"
    yield from quoted(f"# {line}" for line in found.thought.splitlines())
    yield from quoted([found.text])
    yield "statements:"
    yield from quoted(
        f"{found.base}{at}  {_first_line(debugger, f'{found.base}{at}')}" for at in range(len(found.children))
    )


def _first_line(debugger: Debugger, node: str) -> str:
    found = debugger.timeline.end.node(node)
    return render.short(found.text.partition("\n")[0]) if found is not None else ""


def prompt(debugger: Debugger, node: str) -> Iterator[str]:
    """The messages of the last request for a node."""
    for sent in debugger.messages(node):
        yield f"message of the {sent.role}:"
        yield from quoted([sent.content])


def reply(debugger: Debugger, node: str) -> Iterator[str]:
    """The replies for a node so far, refused ones too."""
    call = debugger.moment.call_shown(_known(debugger.moment, node).id)
    history = debugger.timeline.expansions.get(call)
    replies = [each for each in history.replies if each.n <= debugger.cursor] if history is not None else []
    if not replies:
        raise RecodeError(f"{node} has no reply yet")
    for each in replies:
        yield f"reply for {call} in record {each.n}, by {each.reply.by}, {each.reply.finish}:"
        yield from quoted([each.reply.text])


def output(debugger: Debugger, node: str) -> Iterator[str]:
    """The printed text of the statements of a node, and the tracebacks of their failures."""
    moment = debugger.moment
    above = _known(moment, node).id
    found = [
        each
        for each in debugger.timeline.actions.outputs
        if each.n <= moment.n and is_descendant(each.place.node, above)
    ]
    if not found:
        yield f"{node} printed nothing"
    for each in found:
        yield f"{'failure' if each.is_failure else 'output'} of {each.place.node} in record {each.n}:"
        yield from quoted([each.text])


def observations(debugger: Debugger, node: str) -> Iterator[str]:
    """The actions of a node so far, with the observation of each."""
    moment, actions = debugger.moment, debugger.timeline.actions
    above = _known(moment, node).id
    taken = list(actions.of_node(above, moment.n))
    if above == "0":
        taken = actions.actions[: actions.until(moment.n)]
    if not taken:
        yield f"{node} has taken no action"
    for each in taken:
        name = (
            "the world's reset"
            if each.place is None
            else f"{each.place.node} · {render.short(each.action, 300)}"
        )
        yield from quoted([f"record {each.n} · {name}"], "")
        yield from quoted([each.observation.text])


def variables(debugger: Debugger, name: str) -> Iterator[str]:
    """The variables, or the whole value of one of them."""
    if not name:
        yield from quoted(map(render.variable, debugger.variables().values()))
        return
    change = debugger.timeline.variables.last(name, debugger.cursor)
    if change is None or change.variable is None:
        raise RecodeError(f"unknown variable {name!r} (set: {', '.join(debugger.variables()) or 'none'})")
    yield from quoted([render.variable(queries.full_value(debugger.parts, name, change.n))])


def _known(moment: Moment, node: str) -> Node:
    if (found := moment.node(node)) is None:
        raise RecodeError(f"node {node!r} does not exist at this moment; read(what='tree') lists them")
    return found


NODE_VIEWS: dict[str, Callable[[Debugger, str], Iterator[str]]] = {
    "code": code,
    "prompt": prompt,
    "reply": reply,
    "output": output,
    "observations": observations,
}
"""The views of a node, by name."""
