"""Chunks as real servers send them: what can be read is read, what is missing is estimated."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from recode_core.policies.openai.chat import Chat
from recode_core.policies.openai.stream import StreamBuffer
from recode_core.policies.openai.usage import measure_usage
from recode_core.values import Message
from tests.policies.openai.conftest import request, silent
from tests.policies.openai.endpoint import Endpoint, _Handler, chunk, events

Make = Callable[..., Chat]
PROMPT = (Message("user", "x" * 40),)  # about ten tokens


def read(*chunks: object) -> StreamBuffer:
    arrived = StreamBuffer()
    for each in chunks:
        arrived.add(each)
    return arrived


@pytest.mark.parametrize(
    ("content", "text", "thought"),
    [
        ("a", "a", 0),
        (None, "", 0),
        ([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], "ab", 0),
        ([{"type": "thinking", "thinking": [{"type": "text", "text": "hmm"}]}], "", 3),
        ([{"type": "thinking", "thinking": "hmm"}, {"type": "output_text", "text": "a"}], "a", 3),
        (["a", None, 5, {"type": "image"}], "a", 0),
        ({"type": "text", "text": {"content": "a"}}, "a", 0),
        (5, "", 0),
    ],
)
def test_content_may_be_blocks(content: object, text: str, thought: int) -> None:
    arrived = read(chunk({"content": content}))
    assert (arrived.text, arrived.thought) == (text, thought)


def test_a_character_that_is_split_into_two_chunks_is_one() -> None:
    arrived = StreamBuffer()
    told = [arrived.add(chunk({"content": part})) for part in ("a\ud83d", "\ude00b", "\ud83d", "c", "\ud83d")]
    assert told == ["a", "\U0001f600b", "", "\ud83dc", ""]
    assert arrived.text == "a\U0001f600b\ud83dc\ud83d"


@pytest.mark.parametrize(
    "odd",
    [
        None,
        5,
        [],
        {},
        {"choices": None},
        {"choices": [None, 5]},
        {"choices": [{"index": 0}]},
        {"choices": [{"index": None, "delta": None, "finish_reason": ""}]},
        {"choices": [], "usage": "n/a"},
        {"choices": [{"index": 1, "delta": {"content": "other"}}]},
        {"choices": [{"delta": {"tool_calls": "none", "role": 5, "content": {}}}]},
    ],
)
def test_an_odd_chunk_takes_nothing_away(odd: object) -> None:
    whole = [chunk({"content": "a"}), odd, {"choices": [{"index": None, "delta": {"content": "b"}}]}]
    arrived = read(*whole, odd, chunk({}, "stop"), odd)
    assert (arrived.text, arrived.finish) == ("ab", "stop")


@pytest.mark.parametrize(
    ("usage", "prompt", "completion"),
    [
        (None, 10, 5),
        ("n/a", 10, 5),
        ([], 10, 5),
        ([{"prompt_tokens": 7, "completion_tokens": 3}], 7, 3),
        ({"prompt_tokens": "7", "completion_tokens": "3"}, 7, 3),
        ({"prompt_tokens": 7, "completion_tokens": None, "total_tokens": None}, 7, 5),
        ({"prompt_tokens": 7, "total_tokens": 10}, 7, 3),
        ({"prompt_tokens": -1, "completion_tokens": 1e308}, 10, 5),
        ({"prompt_tokens": "many", "completion_tokens": {"text": 3}}, 10, 5),
        ({"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}, 10, 5),
        ({"completion_tokens": 3}, 10, 3),
    ],
)
def test_counts_that_are_missing_are_estimated(usage: object, prompt: int, completion: int) -> None:
    arrived = read(chunk({"content": "x" * 20}), chunk({}, "stop"), {"choices": [], "usage": usage})
    found = measure_usage(arrived, PROMPT)
    assert (found.prompt_tokens, found.completion_tokens) == (prompt, completion)


def test_counts_may_come_in_parts_and_in_other_places() -> None:
    parts = [{"usage": {"prompt_tokens": 7}}, {"usage": {"completion_tokens": 3, "prompt_tokens": None}}]
    for chunks in (
        parts,
        [{"x_groq": {"usage": {"prompt_tokens": 7, "completion_tokens": 3}}}],
        [{"choices": [{"usage": {"prompt_tokens": 7, "completion_tokens": 3}}]}],
    ):
        found = measure_usage(read(*chunks), PROMPT)
        assert (found.prompt_tokens, found.completion_tokens) == (7, 3)


def test_a_byte_order_mark_and_null_events_are_passed_over(chat: Make, endpoint: Endpoint) -> None:
    def response(handler: _Handler) -> None:
        handler.begin()
        handler.wfile.write(b"\xef\xbb\xbf")
        for event in (chunk({"content": "a"}), None, chunk({"content": "b"}), chunk({}, "stop"), None):
            handler.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
        handler.wfile.write(b"data: [DONE]\n\n")

    endpoint.responses = [response]
    assert chat().expand(request(), silent).text == "ab"
    endpoint.responses = [events("null", chunk({"content": "a"}), "null", chunk({}, "stop"))]
    assert chat().expand(request(), silent).text == "a"
