"""All calls of a process run on one event loop, which outlives none of its threads and hinders no exit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from recode_core.policies.openai.chat import ChatCall
from recode_core.policies.openai.exchange import Exchange
from recode_core.policies.openai.profile import ApiKey
from recode_core.policies.policy import Reply
from tests.policies.openai.conftest import Make, request, silent
from tests.policies.openai.endpoint import Endpoint, hangs, says
from tests.support.waiting import PATIENCE

CHAT = """
from recode_core.policies.openai.chat import Chat
from recode_core.policies.openai.profile import Profile
from recode_core.policies.policy import Request

def ask():
    chat = Chat(Profile({url!r}, "gpt-4o-mini", local=True))
    return chat.expand(Request("s()", (), ()), lambda piece: None).text
"""


def started(endpoint: Endpoint, code: str) -> subprocess.Popen[str]:
    """A process of its own, which can `ask()` the endpoint."""
    command = [sys.executable, "-W", "always::ResourceWarning", "-c", CHAT.format(url=endpoint.url) + code]
    return subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_one_thread_serves_every_call(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [says("a")]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: chat().expand(request(), silent), range(12)))
    assert [thread.name for thread in threading.enumerate()].count("policy-calls") == 1


def test_a_call_that_ends_before_it_begins_asks_nothing(chat: Make, endpoint: Endpoint) -> None:
    call = ChatCall(partial(Exchange, chat().profile, request(), ApiKey("")))
    call.end()
    assert list(call.pieces()) == []
    assert call.outcome == Reply("", finish="aborted")
    assert endpoint.asked == []


def test_a_process_that_has_called_ends_without_a_word(endpoint: Endpoint) -> None:
    endpoint.responses = [says("a")]
    out, err = started(endpoint, "print(ask())").communicate(timeout=PATIENCE)
    assert (out, err) == ("a\n", "")


def test_ctrl_c_ends_a_waiting_call_at_once(endpoint: Endpoint) -> None:
    endpoint.responses = [hangs("a")]
    process = started(endpoint, "try:\n    ask()\nexcept KeyboardInterrupt:\n    print('interrupted')")
    assert endpoint.waiting.acquire(timeout=PATIENCE)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, err) == (0, "interrupted\n", "")
    assert endpoint.left.acquire(timeout=PATIENCE)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_has_a_loop_of_its_own(endpoint: Endpoint) -> None:
    endpoint.responses = [says("a")]
    code = """
import os
first = ask()
child = os.fork()
if not child:
    os._exit(0 if ask() == "a" else 1)
status = os.waitpid(child, 0)[1]
print(first, os.waitstatus_to_exitcode(status), ask())
"""
    out, err = started(endpoint, code).communicate(timeout=PATIENCE)
    assert (out, err) == ("a 0 a\n", "")
    assert len(endpoint.asked) == 3
