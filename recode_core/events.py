"""Everything that can happen in a run: one closed union of frozen, past-tense events.

*Inputs* came from outside (replies, observations, limits, the user) and are the truth. *Derived*
events are regenerated and compared whenever a run is executed again. *Changes* are what a user did to
a run at rest; they are inputs too. *Annotations* take no part in execution. A *rest* is an event after
which a run can stand still: what it is about to do is in it.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from recode_core.values import Amount, Count, Observation, Score, Span, Usage, Variable

Outcome = Literal["solved", "done", "finished", "failed", "limit"]
"""How an episode ends: the world says solved, or done without success; the code came to its end; the
root failed; a limit."""

Attempt = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
"""The number of an expansion of a placeholder."""


class Place(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A statement in execution: its node, the passes of the loops around it, its range in the code."""

    node: str
    passes: tuple[Count, ...]
    span: Span


class MessageRef(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A message whose text is stored once, under its hash."""

    role: Literal["system", "user", "assistant"]
    text: str


class Child(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A top-level statement of an accepted expansion."""

    span: Span
    kind: Literal["placeholder", "code", "control"]


class Failure(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Why a statement failed. `lost` says that its variables went back to where it began (a crash or
    a limit of the interpreter); otherwise nothing is rolled back."""

    type: str
    message: str
    traceback: str = ""
    span: Span | None = None
    lost: bool = False


class Fact(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type", gc=False):
    """Base of the members of `Event`."""


class WorldReset(Fact, frozen=True, tag="world_reset"):
    """Input: the first observation and the instruction; the episode begins."""

    instruction: str
    observation: Observation


class StatementReached(Fact, frozen=True, tag="statement_reached"):
    """Stop: the statement at `place` comes next. Nothing of it has run. `text` is what it says where no
    recorded code has it: the agent's own."""

    place: Place
    text: str = ""


class ExpansionRequested(Fact, frozen=True, tag="expansion_requested"):
    """Stop: the policy is about to be asked for the code of a placeholder, for the `attempt`-th time.

    The literals of its keywords were `bound` before the first.
    """

    place: Place
    attempt: Attempt
    reason: Literal["first", "rewrite", "repair", "regenerate", "changed"]
    statement: str
    variables: tuple[Variable, ...]
    messages: tuple[MessageRef, ...]
    prompt: str
    model: str
    hint: str = ""
    bound: tuple[Variable, ...] = ()


class ExpansionReplied(Fact, frozen=True, tag="expansion_replied"):
    """Input: the reply as received. A policy's was paid for; one that is reused, or written by the user,
    was not. One that did not `finish` with "stop" is not whole, for the reason `why`, and is refused."""

    node: str
    text: str
    usage: Usage
    finish: Literal["stop", "length", "refusal", "cut", "aborted"] = "stop"
    seconds: Amount = 0.0
    by: Literal["policy", "user", "reuse"] = "policy"
    why: str = ""


class ExpansionRefused(Fact, frozen=True, tag="expansion_refused"):
    """The reply breaks a rule; nothing of it ran. `line` counts in the code, 0 where there is none."""

    node: str
    line: Count
    rule: str


class ExpansionAccepted(Fact, frozen=True, tag="expansion_accepted"):
    """The placeholder is replaced by `code`."""

    node: str
    attempt: Attempt
    thought: str
    code: str
    children: tuple[Child, ...]


class Origin(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A range in the code of another expansion, that of placeholder `node`, inside a function."""

    node: str
    span: Span

    def __str__(self) -> str:
        return f"in a function, line {self.span.line} of {self.node}"


class ActionReached(Fact, frozen=True, tag="action_reached"):
    """Stop: a `run(…)` is suspended; `span` is its call in the code, perhaps inside a function.

    Where the function was defined by an earlier turn, `span` is the statement that called it, and `origin`
    says where the `run(…)` stands.
    """

    place: Place
    action: str
    span: Span
    origin: Origin | None = None


class ActionAsked(Fact, frozen=True, tag="action_asked"):
    """Annotation, where the contract is `none`: the action may have happened, whatever follows."""

    action: str


class ActionFinished(Fact, frozen=True, tag="action_finished"):
    """Input: the world answered, or the user in its place."""

    observation: Observation
    seconds: Amount = 0.0
    by: Literal["world", "user"] = "world"


class Printed(Fact, frozen=True, tag="printed"):
    """The code at `place` printed."""

    place: Place
    text: str


class StatementFinished(Fact, frozen=True, tag="statement_finished"):
    """A statement is done; `changed` are the variables that it bound or changed, `deleted` those gone."""

    place: Place
    changed: tuple[Variable, ...] = ()
    deleted: tuple[str, ...] = ()


class ConditionEvaluated(Fact, frozen=True, tag="condition_evaluated"):
    """The test of an `if` or `while` gave `value`."""

    place: Place
    value: bool
    changed: tuple[Variable, ...] = ()


class PassStarted(Fact, frozen=True, tag="pass_started"):
    """A loop begins its `number`-th pass (from 1)."""

    place: Place
    number: Count
    changed: tuple[Variable, ...] = ()


class StatementFailed(Fact, frozen=True, tag="statement_failed"):
    """Stop: a statement failed. Neither variables nor world are rolled back, unless the failure says so."""

    place: Place
    failure: Failure


class LimitReached(Fact, frozen=True, tag="limit_reached"):
    """Input and rest: a limit stops the run at `value`; raised, the run can go on."""

    name: str
    value: Amount
    limit: Amount


class EpisodeFinished(Fact, frozen=True, tag="episode_finished"):
    """Stop: the run is over."""

    outcome: Outcome
    score: Score
    detail: str = ""


class ExpansionEdited(Fact, frozen=True, tag="expansion_edited"):
    """Change: an open expansion goes on with other code; `path` is where it then stands."""

    node: str
    attempt: Attempt
    code: str
    children: tuple[Child, ...]
    path: tuple[Place, ...]


class PromptEdited(Fact, frozen=True, tag="prompt_edited"):
    """Change: the next call is sent these messages."""

    place: Place
    messages: tuple[MessageRef, ...]


class Regenerated(Fact, frozen=True, tag="regenerated"):
    """Change: the placeholder at `place` is asked for anew; what is empty stays as it was."""

    place: Place
    hint: str = ""
    model: str = ""
    temperature: Amount | None = None


class PromptsChanged(Fact, frozen=True, tag="prompts_changed"):
    """Change: requests begin with another system message, that of the set `name`: all of them from the
    placeholder at `place` on, or those for it `only`."""

    place: Place
    name: str
    system: MessageRef
    only: bool = False


class StatementSkipped(Fact, frozen=True, tag="statement_skipped"):
    """Change: the statement is not run; what it would have bound is not bound."""

    place: Place


class VariableSet(Fact, frozen=True, tag="variable_set"):
    """Change: a variable was given the value of an expression."""

    name: str
    expression: str
    changed: tuple[Variable, ...]


class ActionReplaced(Fact, frozen=True, tag="action_replaced"):
    """Change: another action is taken in place of the one that was reached."""

    action: str


class LimitRaised(Fact, frozen=True, tag="limit_raised"):
    """Change: a limit of the run has another value; None is no limit."""

    name: str
    value: Amount | None


class BranchStarted(Fact, frozen=True, tag="branch_started"):
    """Annotation: the records of this branch follow its parent's up to record `at`.

    The session goes on on it, unless it is `aside`: tried out beside the branch that it goes on on.
    """

    parent: str
    at: Annotated[int, msgspec.Meta(ge=-1)]
    reason: str
    aside: bool = False


class BranchSwitched(Fact, frozen=True, tag="branch_switched"):
    """Annotation: the user went to this branch."""


class BreakpointSet(Fact, frozen=True, tag="breakpoint_set"):
    """Annotation: breakpoint `id` is as given, enabled or not; what it means is the debugger's."""

    id: Count
    kind: str
    pattern: str = ""
    condition: str = ""
    after: Count = 0
    log: bool = False
    once: bool = False
    enabled: bool = True
    text: str = ""


class BreakpointDeleted(Fact, frozen=True, tag="breakpoint_deleted"):
    """Annotation: the breakpoint is gone."""

    id: Count


class WatchSet(Fact, frozen=True, tag="watch_set"):
    """Annotation: an expression is watched, or no longer."""

    expression: str
    on: bool = True


class NoteSet(Fact, frozen=True, tag="note_set"):
    """Annotation: a bookmark with text; an empty text takes it away."""

    node: str
    text: str


class CallFailed(Fact, frozen=True, tag="call_failed"):
    """Annotation: the policy gave no reply, or by the `user` was not let; the run rests where it was.

    `usage` is what was paid for all the same, by all attempts.
    """

    node: str
    message: str
    usage: Usage = Usage()
    by: Literal["policy", "user"] = "policy"


class WorldFailed(Fact, frozen=True, tag="world_failed"):
    """Annotation: the world went away; the run rests where it was."""

    message: str


class TextStored(Fact, frozen=True, tag="text_stored"):
    """Annotation: a text that later records refer to by its hash."""

    hash: str
    text: str


class RunImported(Fact, frozen=True, tag="run_imported"):
    """Annotation, the first of an imported run: what the file that it comes from says of it.

    What it does not say is None. `score` is the reward in 0–1.
    """

    score: Score | None = None
    steps: Count | None = None
    calls: Count | None = None
    tokens: Count | None = None
    cost_usd: Amount | None = None
    seconds: Amount | None = None


class Resumed(Fact, frozen=True, tag="resumed"):
    """Annotation: a process took the session up again after `recovered` records."""

    recovered: Count


Event = (
    WorldReset
    | StatementReached
    | ExpansionRequested
    | ExpansionReplied
    | ExpansionRefused
    | ExpansionAccepted
    | ActionReached
    | ActionAsked
    | ActionFinished
    | Printed
    | StatementFinished
    | ConditionEvaluated
    | PassStarted
    | StatementFailed
    | LimitReached
    | EpisodeFinished
    | ExpansionEdited
    | PromptEdited
    | Regenerated
    | PromptsChanged
    | StatementSkipped
    | VariableSet
    | ActionReplaced
    | LimitRaised
    | BranchStarted
    | BranchSwitched
    | BreakpointSet
    | BreakpointDeleted
    | WatchSet
    | NoteSet
    | CallFailed
    | WorldFailed
    | TextStored
    | RunImported
    | Resumed
)

CHANGES = (
    ExpansionEdited,
    PromptEdited,
    Regenerated,
    PromptsChanged,
    StatementSkipped,
    VariableSet,
    ActionReplaced,
    LimitRaised,
)
ANNOTATIONS = (
    ActionAsked,
    BranchStarted,
    BranchSwitched,
    BreakpointSet,
    BreakpointDeleted,
    WatchSet,
    NoteSet,
    CallFailed,
    WorldFailed,
    TextStored,
    RunImported,
    Resumed,
)
Change = (
    ExpansionEdited
    | PromptEdited
    | Regenerated
    | PromptsChanged
    | StatementSkipped
    | VariableSet
    | ActionReplaced
    | LimitRaised
)
