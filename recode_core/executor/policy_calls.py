"""Policy calls: requests for the code of the innermost placeholder, and the replies."""

from __future__ import annotations

import time
from typing import Literal

import msgspec

from recode_core.errors import CallBrokenOff, PolicyUnavailable
from recode_core.events import CallFailed, ExpansionReplied, ExpansionRequested
from recode_core.executor.frames import CallFrame, Reason
from recode_core.executor.run import Run
from recode_core.executor.run_state import AtModel
from recode_core.executor.variables import Variables
from recode_core.policies import guard
from recode_core.policies.policy import Request
from recode_core.policies.prompt import prompt_hash
from recode_core.values import MESSAGE_LIMIT, Message, Variable, clean, shortened

PROMPT_LIMIT = 2000
"""Maximum length of a variable's value in a prompt, in characters."""


class PolicyCalls:
    """Gets replies from the policy, or from the recording."""

    def __init__(self, run: Run, variables: Variables) -> None:
        self._run = run
        self._variables = variables

    def request(self, reason: Reason, refusal: str = "", bound: tuple[Variable, ...] = ()) -> AtModel:
        """Stop before a policy call for the innermost placeholder."""
        run, call = self._run, self._run.call
        call.reason = reason
        names = dict.fromkeys((*call.placeholder.mentions, *call.keywords))
        variables = self._variables.shown(list(names), PROMPT_LIMIT)
        request = self._build_request(call, variables, refusal)
        model = call.model or guard.model_of(run.policy)
        run.recorder.emit(
            ExpansionRequested(
                place=call.place,
                attempt=call.attempt,
                reason=reason,
                statement=call.placeholder.text,
                variables=variables,
                messages=tuple(run.recorder.intern(message) for message in request.messages),
                prompt=prompt_hash(request.messages, model, self._sampling(call)),
                model=model,
                hint=call.hint,
                bound=bound,
            )
        )
        return AtModel(call.place, request)

    def reply_to(self, state: AtModel) -> ExpansionReplied:
        """The reply to a request, from the recording or from the policy."""
        replied = self._run.recorder.expect(ExpansionReplied)
        if replied is None:
            replied = self._call_policy(state)
            self._run.recorder.emit(replied)
        return replied

    def _build_request(self, call: CallFrame, variables: tuple[Variable, ...], refusal: str) -> Request:
        run = self._run
        repair = f"{call.repair_text}\n\n{refusal}".strip()
        history = run.root_frame.history
        request = run.agent.request(call.placeholder.text, variables, repair, call.hint, history)
        messages = request.messages
        if system := call.system or run.system:
            messages = (Message("system", system), *messages[1:])
        return msgspec.structs.replace(
            request, messages=messages, model=call.model, temperature=call.temperature
        )

    def _sampling(self, call: CallFrame) -> dict[str, str | float | int]:
        override = {} if call.temperature is None else {"temperature": call.temperature}
        return {**guard.sampling_of(self._run.policy), **override}

    def _call_policy(self, state: AtModel) -> ExpansionReplied:
        run, node = self._run, state.place.node
        began = time.monotonic()
        try:
            reply = guard.expand(run.policy, state.request, run.stream)
        except PolicyUnavailable as error:
            by: Literal["policy", "user"] = "user" if isinstance(error, CallBrokenOff) else "policy"
            why = shortened(clean(str(error)), MESSAGE_LIMIT)
            run.recorder.annotate(CallFailed(node, why, error.usage, by))
            run.spent.add(error.usage)
            raise
        seconds = round(time.monotonic() - began, 3)
        return ExpansionReplied(node, reply.text, reply.usage, reply.finish, seconds, why=reply.why)
