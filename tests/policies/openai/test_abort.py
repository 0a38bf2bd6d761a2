from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from tests.support.waiting import PATIENCE

from recode_core.policies.openai.chat import Chat
from recode_core.values import Usage
from tests.policies.openai.conftest import request, silent
from tests.policies.openai.endpoint import Endpoint, fails, hangs, says

Make = Callable[..., Chat]
pytestmark = pytest.mark.timed


@contextmanager
def within(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


def test_an_aborted_call_gives_what_arrived_and_the_server_is_left(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [hangs("x" * 40)]
    policy = chat(local=True)
    with ThreadPoolExecutor(1) as threads:
        arrived = threading.Event()
        reply = threads.submit(policy.expand, request(), lambda piece: arrived.set())
        assert arrived.wait(PATIENCE)
        with within(1):
            policy.abort()
            assert reply.result().finish == "aborted"
            assert endpoint.left.acquire(timeout=PATIENCE)
    assert reply.result().text == "x" * 40
    assert reply.result().usage == Usage(prompt_tokens=5, completion_tokens=10, cost_usd=0.0)


def test_a_call_is_aborted_before_its_answer_begins(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [hangs(is_begun=False)]
    policy = chat()
    with ThreadPoolExecutor(1) as threads:
        reply = threads.submit(policy.expand, request(), silent)
        assert endpoint.waiting.acquire(timeout=PATIENCE)
        with within(1):
            policy.abort()
            assert (reply.result().text, reply.result().finish) == ("", "aborted")
            assert endpoint.left.acquire(timeout=PATIENCE)


def test_abort_ends_every_call_in_flight(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [hangs("a")]
    policy = chat()
    with ThreadPoolExecutor(8) as threads:
        replies = [threads.submit(policy.expand, request(), silent) for _ in range(8)]
        for _ in replies:
            assert endpoint.waiting.acquire(timeout=PATIENCE)
        with within(2):
            policy.abort()
            assert {reply.result().finish for reply in replies} == {"aborted"}
            assert all(endpoint.left.acquire(timeout=PATIENCE) for _ in replies)


def test_abort_ends_a_wait_between_two_attempts_and_nothing_is_paid(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [fails(429, retry_after="60")]
    policy = chat()
    with ThreadPoolExecutor(1) as threads:
        reply = threads.submit(policy.expand, request(), silent)
        while not endpoint.asked:
            time.sleep(0.01)
        time.sleep(0.2)
        with within(1):
            policy.abort()
            assert reply.result().usage == Usage()
    assert len(endpoint.asked) == 1


def test_a_policy_that_was_aborted_can_be_asked_again(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [says("a")]
    policy = chat()
    policy.abort()
    assert policy.expand(request(), silent).finish == "stop"


def test_an_abort_from_the_stream_itself_ends_the_call(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [hangs("a")]
    policy = chat()
    with within(3):
        assert policy.expand(request(), lambda piece: policy.abort()).text == "a"


def test_who_stops_listening_ends_the_call(chat: Make, endpoint: Endpoint) -> None:
    def interrupted(piece: str) -> None:
        raise KeyboardInterrupt

    endpoint.responses = [hangs("a")]
    with pytest.raises(KeyboardInterrupt):
        chat().expand(request(), interrupted)
    assert endpoint.left.acquire(timeout=PATIENCE)


def test_pieces_are_heard_on_the_thread_that_asked(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [says("a", "b")]
    threads: set[threading.Thread] = set()
    chat().expand(request(), lambda piece: threads.add(threading.current_thread()))
    assert threads == {threading.current_thread()}


def test_calls_of_several_threads_do_not_mix(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [says(*f"reply {n} ".split()) for n in range(8)]
    policy = chat()
    with ThreadPoolExecutor(8) as threads:
        replies = list(threads.map(lambda _: policy.expand(request(), silent).text, range(8)))
    assert sorted(replies) == [f"reply{n}" for n in range(8)]


async def test_a_policy_can_be_asked_where_an_event_loop_runs(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [says("a")]
    assert asyncio.get_running_loop().is_running()
    assert chat().expand(request(), silent).text == "a"
