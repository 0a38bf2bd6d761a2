"""A moment of a timeline: the state of the run after one of its records."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from recode_core.events import Event, LimitReached, Outcome, Place
from recode_core.timeline.expansions import ExpansionCode
from recode_core.timeline.history import count, latest
from recode_core.timeline.nodes import Node
from recode_core.timeline.stops import Stop
from recode_core.timeline.usage import UsageTotal
from recode_core.values import Variable

if TYPE_CHECKING:
    from recode_core.timeline.timeline import EpisodeEnd, Timeline


class Moment:
    """The state of a run after record `n` of its timeline. Cheap to create: everything is looked up on
    access.
    """

    def __init__(self, timeline: Timeline, n: int) -> None:
        self.timeline = timeline
        self.n = n

    @property
    def stop(self) -> Stop:
        """The last stop up to this moment."""
        return self.timeline.stop_at(self.n)

    @property
    def event(self) -> Event | None:
        """The event of the stop; None at the start."""
        return self.timeline.event_of(self.stop)

    # the episode

    @property
    def instruction(self) -> str:
        """The instruction of the task; empty before the world's reset."""
        reset = latest(self.timeline.resets, self.n)
        return reset.event.instruction if reset is not None else ""

    @property
    def ending(self) -> EpisodeEnd | None:
        """The end of the episode; None if it has not ended."""
        return latest(self.timeline.endings, self.n)

    @property
    def outcome(self) -> Outcome | None:
        """The outcome of the episode; None if it has not ended."""
        ending = self.ending
        return ending.event.outcome if ending is not None else None

    @property
    def limit(self) -> LimitReached | None:
        """The limit that was reached last."""
        hit = latest(self.timeline.limits, self.n)
        return hit.event if hit is not None else None

    @property
    def score(self) -> float:
        """The score so far, or the final one."""
        ending, actions = self.ending, self.timeline.actions
        at = actions.until(self.n)
        if ending is not None and (not at or actions.actions[at - 1].n < ending.n):
            return ending.event.score
        return actions.score_at(self.n)

    @property
    def steps(self) -> int:
        """The number of finished actions."""
        return self.timeline.actions.steps_at(self.n)

    @property
    def usage(self) -> UsageTotal:
        """Calls, tokens and cost of the policy."""
        return self.timeline.usage.at(self.n)

    @property
    def depth(self) -> int:
        """The depth of the run so far: the largest number of expansions that were open at once.

        The depth at one stop is the number of expansions that are open there (`Stop.depth`).
        """
        return self.timeline.tree.depth_at(self.n)

    def facts(self) -> dict[str, Any]:
        """The fields of `episode` in conditions."""
        usage, outcome = self.usage, self.outcome
        return {
            "score": self.score,
            "steps": self.steps,
            "calls": usage.calls,
            "tokens": usage.tokens,
            "cost_usd": usage.cost_usd,
            "outcome": outcome,
            "solved": outcome == "solved",
        }

    # the tree

    @property
    def path(self) -> tuple[Place, ...]:
        """The current statement of each open expansion, outermost first."""
        return self.timeline.tree.path_at(self.n)

    @property
    def root(self) -> Node | None:
        """The root: the first placeholder, or the loop of a turn-based agent; None before the episode
        started.
        """
        return self.node("0")

    def node(self, id: str) -> Node | None:
        """A node at this moment; None if it did not exist."""
        timeline, n = self.timeline, self.n
        history = timeline.tree.nodes.get(id)
        status = history.status_at(n) if history is not None else None
        if history is None or status is None:
            return None
        text, failure = history.text_at(n), latest(history.failures, n)
        usage, expansion = timeline.usage.of_node(id, n), timeline.expansions.get(id)
        refused = count(expansion.refusals, n) if expansion is not None else 0
        code = latest(expansion.codes, n) if expansion is not None else None
        return Node(
            id=id,
            parent=history.parent,
            text=text.text,
            span=text.span,
            kind=text.kind,
            status=status,
            attempt=timeline.expansions.attempt_at(id, n),
            thought=code.thought if code is not None else "",
            code=code.text if code is not None else "",
            by=expansion.author_at(n) if expansion is not None else "policy",
            children=tuple(timeline.tree.children_at(id, n)),
            refusals=refused,
            refusal=expansion.refusals[refused - 1].rule if expansion is not None and refused else "",
            failure=failure.failure if failure is not None else None,
            actions=self.actions_of(id),
            calls=usage.calls,
            tokens=usage.tokens,
            cost_usd=usage.cost_usd,
        )

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """All existing nodes, in the order in which they were added."""
        found = ((id, self.node(id)) for id in tuple(self.timeline.tree.nodes))
        return {id: node for id, node in found if node is not None}

    def has_node(self, id: str) -> bool:
        """Whether a node existed."""
        history = self.timeline.tree.nodes.get(id)
        return history is not None and history.was_present(self.n)

    def call_of(self, node: str) -> str:
        """The placeholder whose expansion contains a node's statement; empty for the root."""
        return self.timeline.tree.call_of(node)

    def actions_of(self, node: str) -> int:
        """The number of actions that a node and its descendants had taken."""
        return self.timeline.actions.count_of(node, self.n)

    # code

    def call_shown(self, node: str) -> str:
        """The placeholder whose code is shown for `node`: itself if it has code, else the enclosing one."""
        tree = self.timeline.tree
        if self.timeline.expansions.get(node) is not None and (
            self.timeline.expansions.code_at(node, self.n) or not tree.nodes[node].parent
        ):
            return node
        return tree.call_of(node) if node in tree.nodes else ""

    def code_shown(self, call: str) -> ExpansionCode | None:
        """The code of a placeholder; its first code, if it was accepted after this moment."""
        history = self.timeline.expansions.get(call)
        if history is None or not history.codes:
            return None
        return latest(history.codes, self.n) or history.codes[0]

    def refusals(self, call: str) -> int:
        """The number of refused replies for a placeholder."""
        history = self.timeline.expansions.get(call)
        return count(history.refusals, self.n) if history is not None else 0

    # variables

    def variables(self) -> dict[str, Variable]:
        """Name, type and value of every variable, in order of their first binding."""
        bindings = self.timeline.variables.at(self.n)
        return {each.variable.name: each.variable for each in bindings if each.variable is not None}
