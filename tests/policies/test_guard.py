"""Policies as other people write them: what they raise, and what they return."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from recode_core.errors import PolicyUnavailable, RecodeError
from recode_core.policies import guard
from recode_core.policies.policy import Reply, Request
from recode_core.values import Usage
from tests.environments.test_guard import FAILURES, Number, Text

REQUEST = Request("solve()", (), ())


class Policy:
    """Replies with whatever it is given, or raises it."""

    model: Any = "model"

    def __init__(self, reply: object = "", sampling: Any = None) -> None:
        self.reply = reply
        self.sampling = {} if sampling is None else sampling

    def expand(self, request: Request, stream: Callable[[str], None]) -> Any:
        if isinstance(self.reply, BaseException):
            raise self.reply.with_traceback(None)
        return self.reply

    def abort(self) -> None:
        self.expand(REQUEST, print)

    def recall(self, statement: str) -> None:
        self.expand(REQUEST, print)


def expand(policy: Policy, stream: Callable[[str], None] = lambda text: None) -> Reply:
    return guard.expand(policy, REQUEST, stream)


@pytest.mark.parametrize("raised", FAILURES, ids=repr)
def test_whatever_a_policy_raises_is_a_failed_policy_with_its_place(raised: BaseException) -> None:
    with pytest.raises(PolicyUnavailable) as failed:
        expand(Policy(raised))
    said = str(failed.value)
    assert said.startswith(f"the policy failed in expand: {type(raised).__name__}")
    assert f'File "{__file__}", line ' in said
    with pytest.raises(PolicyUnavailable, match=f"failed in abort: {type(raised).__name__}"):
        guard.abort(Policy(raised))
    with pytest.raises(PolicyUnavailable, match=f"failed in recall: {type(raised).__name__}"):
        guard.recall(Policy(raised), "solve()")


def test_errors_of_ours_pass() -> None:
    with pytest.raises(RecodeError, match=r"^nobody$"):
        expand(Policy(RecodeError("nobody")))
    error = PolicyUnavailable("no credit", Usage(prompt_tokens=3))
    with pytest.raises(PolicyUnavailable, match=r"^no credit$") as failed:
        expand(Policy(error))
    assert failed.value.usage == Usage(prompt_tokens=3)
    error.usage = None  # type: ignore[assignment]
    with pytest.raises(PolicyUnavailable) as failed:
        expand(Policy(error))
    assert failed.value.usage == Usage()


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("text", Reply("text")),
        (b"text", Reply("text")),
        (Reply(Text("half \ud83d")), Reply("half ?")),
        (Reply("a", None), Reply("a")),  # type: ignore[arg-type]
        (
            Reply("a", Usage(Number(3), completion_tokens=2.0, cost_usd=Number(0.5))),  # type: ignore[arg-type]
            Reply("a", Usage(3, 0, 2, 0, 0.5)),
        ),
        (Reply("a", Usage(cost_usd=float("nan"))), Reply("a", Usage(cost_usd=None))),
        (Reply("a", Usage(cost_usd=None), "length"), Reply("a", Usage(cost_usd=None), "length")),
    ],
    ids=repr,
)
def test_what_a_policy_replies_is_taken_where_its_meaning_is_clear(given: object, wanted: Reply) -> None:
    reply = expand(Policy(given))
    assert reply == wanted
    assert msgspec.json.decode(msgspec.json.encode(reply), type=Reply) == wanted


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "the reply is None (NoneType), and must be a Reply, or a str"),
        (["text"], "the reply is ['text'] (list), and must be"),
        (Reply(None), "the text of the reply is None (NoneType), and must be a str"),  # type: ignore[arg-type]
        (Reply("a", {"prompt": 3}), "usage is {'prompt': 3} (dict), and must be a Usage"),  # type: ignore[arg-type]
        (Reply("a", Usage(-1)), "prompt_tokens of the usage is -1 (int), and must be a whole number from 0"),
        (Reply("a", Usage(cost_usd=-1)), "cost_usd of the usage is -1 (int), and must be a number from 0"),
        (Reply("a", finish="over"), "finish of the reply is 'over' (str), and must be one of stop, "),  # type: ignore[arg-type]
    ],
    ids=repr,
)
def test_what_a_policy_replies_unclearly_is_told_with_the_field(given: object, said: str) -> None:
    with pytest.raises(PolicyUnavailable) as failed:
        expand(Policy(given))
    assert said in str(failed.value)


def test_pieces_that_are_no_text_are_not_streamed() -> None:
    class Streaming(Policy):
        def expand(self, request: Request, stream: Callable[[str], None]) -> Any:
            for piece in self.reply:  # type: ignore[attr-defined]
                stream(piece)
            return "".join(map(str, self.reply))  # type: ignore[call-overload]

    heard: list[str] = []
    assert expand(Streaming([Text("a"), "b"]), heard.append) == Reply("ab")
    with pytest.raises(PolicyUnavailable, match="a piece of the reply is None"):
        expand(Streaming(["c", None]), heard.append)
    assert heard == ["a", "b", "c"]


def test_model_and_sampling_are_plain_values_that_can_be_recorded() -> None:
    policy = Policy(sampling={"temperature": Number(0.5), b"top": True, "stop": Text("x"), "seed": 7})
    policy.model = Text("m")
    assert type(guard.model_of(policy)) is str
    sampling = guard.sampling_of(policy)
    assert sampling == {"temperature": 0.5, "top": 1, "stop": "x", "seed": 7}
    assert msgspec.json.decode(msgspec.json.encode(sampling), type=dict[str, str | float | int]) == sampling
    policy.model = None
    with pytest.raises(PolicyUnavailable, match="the model is None"):
        guard.model_of(policy)
    for wrong, said in (
        ([], "sampling is"),
        ({1: 2}, "a name in sampling is 1"),
        ({"seed": None}, "seed of sampling is None"),
        ({"temperature": float("nan")}, "temperature of sampling is nan"),
    ):
        with pytest.raises(PolicyUnavailable, match=said):
            guard.sampling_of(Policy(sampling=wrong))
