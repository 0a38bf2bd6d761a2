"""Calls into a policy's code, which may come from another package.

An exception becomes PolicyUnavailable with its file and line. A result is converted to a `Reply` with plain
fields; if it can't be, PolicyUnavailable names the field. Policies are called only through this module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from numbers import Integral
from typing import get_args, get_type_hints

import msgspec

from recode_core.entry_points.calls import calling
from recode_core.entry_points.fields import BadValue, as_count, as_number, as_text
from recode_core.errors import PolicyUnavailable
from recode_core.policies.policy import Policy, RecallsReplies, Reply, Request, TellsPrices
from recode_core.values import REPLY_LIMIT, Usage, shortened

_FINISHES: tuple[str, ...] = get_args(get_type_hints(Reply)["finish"])


def expand(policy: Policy, request: Request, stream: Callable[[str], None]) -> Reply:
    """Return a policy's reply. Raises PolicyUnavailable, or any RecodeError that the policy raises."""

    def stream_text(piece: object) -> None:
        stream(as_text(piece, "a piece of the reply"))

    try:
        with _calling("expand"):
            return reply_of(policy.expand(request, stream_text))
    except PolicyUnavailable as error:
        with _calling("expand"):
            error.usage = usage_of(getattr(error, "usage", None))
        raise


def abort(policy: Policy) -> None:
    """Abort the running call."""
    with _calling("abort"):
        policy.abort()


def recall(policy: Policy, statement: str) -> None:
    """Tell a policy, if it wants to know, that it has replied to a request for a statement."""
    if isinstance(policy, RecallsReplies):
        with _calling("recall"):
            policy.recall(statement)


def model_of(policy: Policy) -> str:
    """The name of a policy's model."""
    with _calling("model"):
        return as_text(policy.model, "the model")


def sampling_of(policy: Policy) -> dict[str, str | float | int]:
    """The sampling settings of a policy."""
    with _calling("sampling"):
        sampling: object = policy.sampling
        if not isinstance(sampling, Mapping):
            raise BadValue("sampling", sampling, "a dict")
        return {
            as_text(name, "a name in sampling"): _setting(name, given) for name, given in sampling.items()
        }


def price(policy: Policy, usage: Usage, model: str) -> float | None:
    """The price in USD of a call that takes these tokens; None if it is unknown to the policy."""
    if not isinstance(policy, TellsPrices):
        return None
    with _calling("price"):
        return _cost(policy.price(usage, model), "the price")


def reply_of(answer: object) -> Reply:
    """A reply with checked fields; a str or bytes is taken as its text. Raises BadValue."""
    if isinstance(answer, str | bytes | bytearray):
        answer = Reply(as_text(answer, "the reply"))
    if not isinstance(answer, Reply):
        raise BadValue("the reply", answer, "a Reply, or a str")
    if answer.finish not in _FINISHES:
        raise BadValue("finish of the reply", answer.finish, f"one of {', '.join(_FINISHES)}")
    text, why = as_text(answer.text, "the text of the reply"), as_text(answer.why, "why of the reply")
    reply = msgspec.structs.replace(answer, text=text, usage=usage_of(answer.usage), why=why)
    if len(text) <= REPLY_LIMIT:
        return reply
    why = f"It is longer than {REPLY_LIMIT:,} characters."
    return msgspec.structs.replace(reply, text=shortened(text, REPLY_LIMIT), finish="cut", why=why)


def usage_of(given: object) -> Usage:
    """The usage of a call with checked fields; a cost of NaN is unknown. Raises BadValue."""
    if given is None:
        return Usage()
    if not isinstance(given, Usage):
        raise BadValue("usage", given, "a Usage")
    costs = {name: _cost(getattr(given, name), name) for name in _COSTS}
    counts = {
        name: as_count(getattr(given, name), f"{name} of the usage")
        for name in Usage.__struct_fields__
        if name not in _COSTS
    }
    return msgspec.structs.replace(given, **costs, **counts)


_COSTS = ("cost_usd", "list_usd")


def _cost(given: object, name: str) -> float | None:
    if given is None or given != given:
        return None
    return as_number(given, f"{name} of the usage", least=0)


def _setting(name: object, given: object) -> str | float | int:
    if isinstance(given, str | bytes):
        return as_text(given, f"{name} of sampling")
    return int(given) if isinstance(given, Integral) else as_number(given, f"{name} of sampling")


def _calling(method: str) -> AbstractContextManager[None]:
    return calling(f"the policy failed in {method}:", PolicyUnavailable)
