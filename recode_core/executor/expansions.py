"""Expansions: request the code of a placeholder, accept or refuse it, repair it after a failure."""

from __future__ import annotations

import msgspec

from recode_core.events import (
    Child,
    ExpansionAccepted,
    ExpansionRefused,
    ExpansionReplied,
    Failure,
    Place,
    StatementFailed,
    StatementFinished,
)
from recode_core.executor import repairs
from recode_core.executor.frames import CallFrame
from recode_core.executor.policy_calls import PolicyCalls
from recode_core.executor.run import Run
from recode_core.executor.run_state import AtFailure, AtModel, RunState
from recode_core.executor.variables import Variables
from recode_core.interpreter import Finished
from recode_core.policies.policy import Turn
from recode_core.policies.reply import ParsedReply, ReplyRefused
from recode_core.statements import Code, Program, RuleBroken, statement_kind
from recode_core.values import MESSAGE_LIMIT, Variable, shortened

_CUT = {
    "length": "The reply was cut at the token limit: write less.",
    "refusal": "The model, or its server, refused to reply.",
    "cut": "The reply ended before it was whole.",
    "aborted": "The reply was broken off before its end.",
}
"""The refusals of incomplete replies, by `finish`. Such a reply is never run, even if it contains code."""


class Expansions:
    """Opens expansions, accepts code for them, repairs them, gives them up and closes them."""

    def __init__(self, run: Run, variables: Variables, calls: PolicyCalls) -> None:
        self._run = run
        self._variables = variables
        self._calls = calls

    def begin(self, placeholder: Code, place: Place) -> RunState:
        """Open the expansion of a placeholder that was reached: stop before its first policy call."""
        run = self._run
        depth = sum(isinstance(frame, CallFrame) for frame in run.frames)
        if depth > run.limits.depth:
            return run.fail(place, repairs.depth_failure(run.limits))
        was_given_up = any(
            isinstance(frame, CallFrame) and placeholder.text in frame.given_up for frame in run.frames
        )
        base = f"{place.node}."
        run.frames.append(
            CallFrame(
                (),
                node=place.node,
                place=place,
                placeholder=placeholder,
                base=base,
                was_given_up=was_given_up,
            )
        )
        return self._calls.request("first", bound=self._bind_keywords(placeholder))

    def ask(self, state: AtModel) -> RunState | None:
        """Get the reply to a request, from the recording or from the policy, and handle it."""
        return self.handle_reply(self._calls.reply_to(state))

    def handle_reply(self, replied: ExpansionReplied) -> RunState | None:
        """Parse a reply: accept its code, or refuse it and stop before the next policy call."""
        run, call = self._run, self._run.call
        if replied.by == "policy":
            run.spent.add_call(replied.usage)
            run.spent.repairs += call.reason == "repair"
        try:
            reply = self._parsed(replied)
            call.defined = self._variables.defined_names()
            program = run.agent.parse(reply.code, call.defined)
        except ReplyRefused as error:
            return self._refuse(0, str(error))
        except RuleBroken as error:
            return self._refuse(error.line, error.rule)
        self._accept(program, reply.thought)
        return None

    def recover(self, state: AtFailure) -> RunState | None:
        """Continue after a failure: request a repair, or give the placeholder up so that its parent fails.

        For agents that take turns, the failure ends the turn.
        """
        run, call, failure = self._run, self._run.call, state.failure
        if not call.node:
            return run.end("failed", f"{failure.type}: {failure.message}")
        while not isinstance(run.frames[-1], CallFrame):
            run.frames.pop()
        if run.agent.takes_turns:
            call.show(repairs.failure_text(failure))
            self._done(call, failed=True)
            return None
        recorded = run.recorder.peek(StatementFailed)
        if recorded is not None and run.edition <= repairs.LAST_EDITION_WITH_ALL_REPAIRS:
            return self._give_up(recorded.failure)
        most = repairs.allowed_repairs(call, run.limits, run.edition)
        if recorded is not None or (not run.recorder.is_repeating and call.repairs >= most):
            return self._give_up(repairs.exhausted_failure(call, failure))
        call.repairs, call.repair_text = call.repairs + 1, repairs.repair_text_of(call, failure)
        call.start_attempt()
        return self._calls.request("repair")

    def finish(self) -> RunState | None:
        """End an expansion whose code is done; it fails if it has not bound the placeholder's targets."""
        call = self._run.frames[-1]
        assert isinstance(call, CallFrame)
        if not call.node:
            return self._run.end("finished")
        missing = [name for name in call.placeholder.targets if name not in call.bound]
        if missing:
            call.block, call.index = (), -1
            names = ", ".join(f"`{name}`" for name in missing)
            message = f"the expansion of `{call.placeholder.text}` ended without binding {names}"
            return self._run.fail(call.place, Failure("NotBound", message))
        self._done(call)
        return None

    def _bind_keywords(self, placeholder: Code) -> tuple[Variable, ...]:
        """Bind the literals of a placeholder's keyword arguments, as variables of its expansion."""
        if not placeholder.keywords:
            return ()
        lines = [f"{name} = {literal}\n" for name, literal in placeholder.keywords]
        if not isinstance(self._run.interpreter.feed("".join(lines) + "None"), Finished):
            return ()  # the sandbox is out of memory
        call = self._run.call
        call.keywords = tuple(dict.fromkeys(name for name, _ in placeholder.keywords))
        return self._variables.record_set(call.keywords)

    def _done(self, call: CallFrame, failed: bool = False) -> None:
        """Close the innermost placeholder as done; a turn is added to the history."""
        run = self._run
        run.frames.pop()
        run.call.bound |= call.bound
        run.call.done.extend(call.done)
        run.recorder.emit(StatementFinished(call.place))
        root = run.root_frame
        if root.history is not None:
            turn = Turn(call.thought, call.source.text, call.output, failed)
            root.history = msgspec.structs.replace(root.history, turns=(*root.history.turns, turn))
            run.spent.turns += 1

    def _parsed(self, replied: ExpansionReplied) -> ParsedReply:
        """Thought and code of a reply. Raises ReplyRefused or RuleBroken if it is refused, or was.

        A recorded result takes precedence, even if the reply would be parsed differently today.
        """
        recorder = self._run.recorder
        match recorder.verdict():
            case ExpansionRefused(line=line, rule=rule):
                raise RuleBroken(line, rule)
            case ExpansionAccepted(thought=thought, code=code):
                recorded = ParsedReply(thought, code)
                if not self._parses_as(replied, recorded):
                    recorder.reworded.append(replied.node)
                return recorded
        return self._parse(replied)

    def _parse(self, replied: ExpansionReplied) -> ParsedReply:
        if replied.finish != "stop":
            raise ReplyRefused(f"{_CUT[replied.finish]} {replied.why}".strip())
        return self._run.agent.read(replied.text)

    def _parses_as(self, replied: ExpansionReplied, recorded: ParsedReply) -> bool:
        try:
            return self._parse(replied) == recorded
        except ReplyRefused:
            return False

    def _accept(self, program: Program, thought: str) -> None:
        call = self._run.call
        call.source, call.block, call.index, call.thought = program.source, program.block, -1, thought
        children = children_of(program)
        self._run.recorder.emit(
            ExpansionAccepted(call.node, call.attempt, thought, program.source.text, children)
        )

    def _refuse(self, line: int, rule: str) -> RunState:
        call, most = self._run.call, self._run.limits.rewrites
        rule = shortened(rule, MESSAGE_LIMIT)
        self._run.recorder.emit(ExpansionRefused(call.node, line, rule))
        call.rewrites += 1
        if call.rewrites > most:
            message = f"no acceptable expansion after {most} rewrites; the last was refused: {rule}"
            return self._give_up(Failure("RewritesExhausted", message))
        where = f"line {line}: " if line else ""
        refusal = f"Your last reply was refused and nothing of it ran. {where}{rule}"
        return self._calls.request("rewrite", refusal)

    def _give_up(self, failure: Failure) -> RunState:
        """Give up the innermost placeholder: it fails in its parent, which may be repaired."""
        run = self._run
        while not isinstance(call := run.frames.pop(), CallFrame):
            pass
        parent = run.call
        parent.done.extend(call.done)
        parent.given_up |= call.given_up | {call.placeholder.text}
        parent.gave_up_again = call.was_given_up
        return run.fail(call.place, failure)


def children_of(program: Program) -> tuple[Child, ...]:
    """The top-level statements of a program, as events list them."""
    return tuple(Child(top.span, statement_kind(top)) for top in program.tops)
