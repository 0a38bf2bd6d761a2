"""The events of a run: one closed union of frozen structs, named in the past tense.

*Inputs* come from outside (replies, observations, limits) and are never recomputed. *Derived* events are
recomputed by a replay and compared with the recording. *Changes* are edits that a user made to a paused run;
they are inputs too. *Annotations* take no part in execution. After a *stop* the run can pause; the event
describes its next operation.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from recode_core.values import Amount, Count, Observation, Score, Span, Usage, Variable

Outcome = Literal["solved", "done", "finished", "failed", "limit"]
"""How an episode ends: the world reported success; the world ended the episode without success; the code
finished; the root failed; a limit was reached."""

Attempt = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
"""The number of an expansion of a placeholder."""


class Place(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A statement in execution: its node, the pass of each enclosing loop, and its range in the code."""

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
    """Why a statement failed.

    With `lost`, variables were rolled back to the start of the statement (after a crash or a limit of the
    interpreter); otherwise nothing is rolled back.
    """

    type: str
    message: str
    traceback: str = ""
    span: Span | None = None
    lost: bool = False


class BaseEvent(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type", gc=False):
    """Base of the members of `Event`."""


class WorldReset(BaseEvent, frozen=True, tag="world_reset"):
    """Input: the first observation and the instruction; the episode begins."""

    instruction: str
    observation: Observation


class StatementReached(BaseEvent, frozen=True, tag="statement_reached"):
    """Stop: before the statement at `place`. `text` is its code if no recorded expansion contains it (the
    agent's own loop)."""

    place: Place
    text: str = ""


class ExpansionRequested(BaseEvent, frozen=True, tag="expansion_requested"):
    """Stop: before a policy call for the code of a placeholder; `attempt` counts its expansions.

    `bound` are variables for the literals of its keyword arguments, set before the first attempt.
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


class ExpansionReplied(BaseEvent, frozen=True, tag="expansion_replied"):
    """Input: the reply as received. Only a reply `by` the policy costs anything.

    A reply whose `finish` is not "stop" is incomplete, for the reason `why`, and is refused.
    """

    node: str
    text: str
    usage: Usage
    finish: Literal["stop", "length", "refusal", "cut", "aborted"] = "stop"
    seconds: Amount = 0.0
    by: Literal["policy", "user", "reuse"] = "policy"
    why: str = ""


class ExpansionRefused(BaseEvent, frozen=True, tag="expansion_refused"):
    """The reply breaks a rule, so none of it is run. `line` is a line of its code, 0 if unknown."""

    node: str
    line: Count
    rule: str


class ExpansionAccepted(BaseEvent, frozen=True, tag="expansion_accepted"):
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


class ActionReached(BaseEvent, frozen=True, tag="action_reached"):
    """Stop: before an action; a call of `run(…)` is suspended. `span` is the call, which may be in a
    function.

    If an earlier turn defined that function, `span` is the calling statement and `origin` the position of the
    `run(…)`.
    """

    place: Place
    action: str
    span: Span
    origin: Origin | None = None


class ActionAsked(BaseEvent, frozen=True, tag="action_asked"):
    """Annotation, for environments that cannot be restored: the action was sent and may have happened."""

    action: str


class ActionFinished(BaseEvent, frozen=True, tag="action_finished"):
    """Input: an observation from the world, or from the user instead."""

    observation: Observation
    seconds: Amount = 0.0
    by: Literal["world", "user"] = "world"


class Printed(BaseEvent, frozen=True, tag="printed"):
    """The code at `place` printed text."""

    place: Place
    text: str


class StatementFinished(BaseEvent, frozen=True, tag="statement_finished"):
    """A statement finished. `changed` are variables that it bound or changed, `deleted` those it deleted."""

    place: Place
    changed: tuple[Variable, ...] = ()
    deleted: tuple[str, ...] = ()


class ConditionEvaluated(BaseEvent, frozen=True, tag="condition_evaluated"):
    """The test of an `if` or `while` gave `value`."""

    place: Place
    value: bool
    changed: tuple[Variable, ...] = ()


class PassStarted(BaseEvent, frozen=True, tag="pass_started"):
    """A loop begins its `number`-th pass (from 1)."""

    place: Place
    number: Count
    changed: tuple[Variable, ...] = ()


class StatementFailed(BaseEvent, frozen=True, tag="statement_failed"):
    """Stop: a statement failed. Variables and world are not rolled back, except as `Failure.lost` tells."""

    place: Place
    failure: Failure


class LimitReached(BaseEvent, frozen=True, tag="limit_reached"):
    """Input and stop: the run reached a limit at `value`. It can continue once the limit is raised."""

    name: str
    value: Amount
    limit: Amount


class EpisodeFinished(BaseEvent, frozen=True, tag="episode_finished"):
    """Stop: the run is over."""

    outcome: Outcome
    score: Score
    detail: str = ""


class ExpansionEdited(BaseEvent, frozen=True, tag="expansion_edited"):
    """Change: the code of an open expansion was replaced; `path` is the run's position in the new code."""

    node: str
    attempt: Attempt
    code: str
    children: tuple[Child, ...]
    path: tuple[Place, ...]


class PromptEdited(BaseEvent, frozen=True, tag="prompt_edited"):
    """Change: the messages of the next policy call were replaced."""

    place: Place
    messages: tuple[MessageRef, ...]


class Regenerated(BaseEvent, frozen=True, tag="regenerated"):
    """Change: the placeholder at `place` is requested again. Empty fields keep their previous value."""

    place: Place
    hint: str = ""
    model: str = ""
    temperature: Amount | None = None


class PromptsChanged(BaseEvent, frozen=True, tag="prompts_changed"):
    """Change: the system message was replaced by that of the prompt set `name`, for all requests from the
    placeholder at `place` on, or `only` for its own."""

    place: Place
    name: str
    system: MessageRef
    only: bool = False


class StatementSkipped(BaseEvent, frozen=True, tag="statement_skipped"):
    """Change: the statement was skipped; it binds no variables."""

    place: Place


class VariableSet(BaseEvent, frozen=True, tag="variable_set"):
    """Change: a variable was given the value of an expression."""

    name: str
    expression: str
    changed: tuple[Variable, ...]


class ActionReplaced(BaseEvent, frozen=True, tag="action_replaced"):
    """Change: the next action was replaced by another one."""

    action: str


class LimitRaised(BaseEvent, frozen=True, tag="limit_raised"):
    """Change: a limit of the run was set to another value; None removes it."""

    name: str
    value: Amount | None


class BranchStarted(BaseEvent, frozen=True, tag="branch_started"):
    """Annotation: this branch continues its parent's records up to record `at`.

    It becomes the current branch unless it is `aside`: a roll-out that leaves the current branch as it is.
    """

    parent: str
    at: Annotated[int, msgspec.Meta(ge=-1)]
    reason: str
    aside: bool = False


class BranchSwitched(BaseEvent, frozen=True, tag="branch_switched"):
    """Annotation: the user switched to this branch."""


class BreakpointSet(BaseEvent, frozen=True, tag="breakpoint_set"):
    """Annotation: breakpoint `id` was added or changed. Its fields are interpreted by the debugger."""

    id: Count
    kind: str
    pattern: str = ""
    condition: str = ""
    after: Count = 0
    log: bool = False
    once: bool = False
    enabled: bool = True
    text: str = ""


class BreakpointDeleted(BaseEvent, frozen=True, tag="breakpoint_deleted"):
    """Annotation: a breakpoint was deleted."""

    id: Count


class WatchSet(BaseEvent, frozen=True, tag="watch_set"):
    """Annotation: a watch was added (`on`) or removed."""

    expression: str
    on: bool = True


class NoteSet(BaseEvent, frozen=True, tag="note_set"):
    """Annotation: a note at a node; an empty text deletes it."""

    node: str
    text: str


class CallFailed(BaseEvent, frozen=True, tag="call_failed"):
    """Annotation: a policy call failed, or was aborted if `by` is "user". The run stays at its stop.

    `usage` is the cost of all attempts.
    """

    node: str
    message: str
    usage: Usage = Usage()
    by: Literal["policy", "user"] = "policy"


class WorldFailed(BaseEvent, frozen=True, tag="world_failed"):
    """Annotation: the environment failed. The run stays at its stop."""

    message: str


class TextStored(BaseEvent, frozen=True, tag="text_stored"):
    """Annotation: a text that later records refer to by its hash."""

    hash: str
    text: str


class RunImported(BaseEvent, frozen=True, tag="run_imported"):
    """Annotation, the first record of an imported run: the result in the imported file.

    Fields that the file does not have are None. `score` is the reward in 0–1.
    """

    score: Score | None = None
    steps: Count | None = None
    calls: Count | None = None
    tokens: Count | None = None
    cost_usd: Amount | None = None
    seconds: Amount | None = None


class Resumed(BaseEvent, frozen=True, tag="resumed"):
    """Annotation: a process resumed the session after `recovered` records."""

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
