from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recode_core.errors import PolicyUnavailable
from recode_core.policies.policy import Policy, Reply, Request
from recode_core.policies.scripted import Scripted


def _ask(policy: Policy, statement: str) -> str:
    return policy.expand(Request(statement, (), ()), lambda piece: None).text


def test_a_list_is_answered_in_order() -> None:
    policy = Scripted(["one", "two"])
    assert [_ask(policy, "f()"), _ask(policy, "g()")] == ["one", "two"]


def test_a_mapping_is_answered_by_statement_whatever_the_order() -> None:
    policy = Scripted({"f()": "one", "g()": "two"})
    assert [_ask(policy, "g()"), _ask(policy, "f()"), _ask(policy, "f()")] == ["two", "one", "one"]


def test_a_statement_may_be_answered_otherwise_the_second_time() -> None:
    policy = Scripted({"f()": ["one", "repaired"]})
    assert [_ask(policy, "f()"), _ask(policy, "f()")] == ["one", "repaired"]


@pytest.mark.parametrize("policy", [Scripted([]), Scripted({}), Scripted({"f()": []})])
def test_a_script_that_has_nothing_to_say_names_the_statement(policy: Scripted) -> None:
    with pytest.raises(PolicyUnavailable, match=r"f\(\)"):
        _ask(policy, "f()")


@given(st.text())
def test_the_pieces_of_a_stream_add_up_to_the_reply(text: str) -> None:
    pieces: list[str] = []
    reply = Scripted([text]).expand(Request("f()", (), ()), pieces.append)
    assert "".join(pieces) == reply.text == text


def test_an_abort_keeps_what_arrived() -> None:
    policy = Scripted(["one two three", "next"])

    def stop_at_two(piece: str) -> None:
        if piece.startswith("two"):
            policy.abort()

    assert policy.expand(Request("f()", (), ()), stop_at_two) == Reply("one two ", finish="aborted")
    assert _ask(policy, "f()") == "next"


def test_it_keeps_what_it_was_asked() -> None:
    policy = Scripted(["one"])
    request = Request("f()", (), (), repair="it failed")
    policy.expand(request, lambda piece: None)
    assert policy.requests == [request]
