"""Reads a reply as it arrives: its events, its text and how it ends."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from recode_core.policies.openai.profile import Profile
from recode_core.policies.policy import Finish
from recode_core.policies.reply import ReplyRefused, parse_reply

_LARGEST = 16 << 20  # bytes of one line, and of all lines outside of events
_FIELDS = frozenset({"data", "event", "id", "retry"})
_SURROGATE = re.compile("[\ud800-\udfff]")
_FIRST_HALF = re.compile("[\ud800-\udbff]\\Z")
# Finish reasons of servers: OpenAI, Anthropic, Gemini, Mistral, TGI, Together, Cohere.
_WHOLE = {"stop", "eos", "eos_token", "end_turn", "stop_sequence", "stop_token", "complete", "completed"}
_LENGTH = {"length", "max_tokens", "max_length", "max_output_tokens", "model_length", "token_limit"}
_LENGTH |= {"model_context_window_exceeded"}
_FILTERS = {"content_filter", "content_filtered", "safety", "recitation", "blocklist", "spii"}
_FILTERS |= {"prohibited_content", "refusal", "sensitive", "guardrail_intervened"}
_CALLS = {"tool_calls", "tool_call", "tool_use", "function_call"}


class TooLarge(ValueError):
    """An answer is too large for a reply."""


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One event: its data, and its name, which may be empty."""

    data: str
    name: str = ""


class Events:
    """The server-sent events of an answer; can be iterated once.

    A server may send a JSON body, a page or plain text instead of events, or around them. Lines that belong
    to no event are collected as `stray`.
    """

    def __init__(self, received: AsyncIterator[bytes]) -> None:
        self._received = received
        self._stray: list[str] = []
        self._stray_size = 0

    @property
    def stray(self) -> str:
        """The lines that belong to no event."""
        return "\n".join(self._stray).strip()

    def add_stray(self, line: str) -> None:
        """Collect a line that belongs to no event."""
        self._stray.append(line)
        self._stray_size += len(line)
        if self._stray_size > _LARGEST:
            raise TooLarge(f"it is larger than {_LARGEST >> 20} MB")

    async def __aiter__(self) -> AsyncIterator[ServerSentEvent]:
        """Raises UnicodeDecodeError, TooLarge, and what the connection raises."""
        data: list[str] = []
        name = ""
        async for line in _lines(self._received):
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if not line:
                if data:
                    yield ServerSentEvent("\n".join(data), name)
                data, name = [], ""
            elif field == "data":
                data.append(value)
            elif field == "event":
                name = value
            elif field and field not in _FIELDS:
                self.add_stray(line)
        if data:  # the last event may lack the empty line at its end
            yield ServerSentEvent("\n".join(data), name)


async def _lines(received: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """Yield lines. They end with LF, CR LF or CR only: other line separators may be part of JSON."""
    pending: list[bytes] = []
    size = 0
    is_after_return = False
    is_first = True
    async for part in received:
        if is_after_return and part.startswith(b"\n"):
            part = part[1:]
        if part:
            is_after_return = part.endswith(b"\r")
        *whole, rest = part.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        for line in whole:
            text = b"".join([*pending, line]).decode()
            pending, size = [], 0
            yield text.removeprefix("\ufeff") if is_first else text
            is_first = False
        pending.append(rest)
        size += len(rest)
        if size > _LARGEST:
            raise TooLarge(f"a line of it is longer than {_LARGEST >> 20} MB")
    text = b"".join(pending).decode()
    yield text.removeprefix("\ufeff") if is_first else text


@dataclass(slots=True)
class StreamBuffer:
    """The part of a reply that has arrived. Unknown or invalid parts of chunks are skipped.

    `thought` counts characters of reasoning, which are not part of the text.

    `tool` and `arguments` are those of the first tool call. `is_done` says that the server ended the stream.
    """

    pieces: list[str] = field(default_factory=list)
    refusal: str = ""
    thought: int = 0
    finish: str = ""
    tool: str = ""
    arguments: str = ""
    usage: dict[str, Any] | None = None
    chunks: int = 0
    is_done: bool = False
    _half: str = ""

    @property
    def text(self) -> str:
        """The text of the reply, or the model's refusal."""
        return "".join(self.pieces) + self._half or self.refusal

    def add(self, chunk: object) -> str:
        """Add a chunk, as plain JSON, and return its text. Raises ValueError if it is not a chunk."""
        if isinstance(chunk, list):
            return "".join(map(self.add, chunk))
        if not isinstance(chunk, dict):
            return ""
        choices = chunk.get("choices") or []
        if not isinstance(choices, list):
            raise ValueError(f"`choices` is {choices!r:.60}, not a list")
        self.chunks += 1
        self._add_usage(chunk)
        return "".join(self._add_choice(choice) for choice in choices if isinstance(choice, dict))

    def _add_usage(self, holder: dict[str, Any]) -> None:
        """Update the counts of tokens; later counts replace earlier ones."""
        for place in (holder, holder.get("x_groq")):
            usage = place.get("usage") if isinstance(place, dict) else None
            for each in usage if isinstance(usage, list) else [usage]:
                if isinstance(each, dict):
                    counts = {name: count for name, count in each.items() if count is not None}
                    self.usage = {**(self.usage or {}), **counts}

    def _add_choice(self, choice: dict[str, Any]) -> str:
        """Add a choice, and return its text; choices after the first are skipped."""
        if choice.get("index") not in (None, 0, "0"):
            return ""
        self._add_usage(choice)
        self.finish = str(choice.get("finish_reason") or self.finish)
        delta = choice.get("delta")
        if not isinstance(delta, dict) and not self.pieces:
            delta = choice.get("message")
        return self._add_delta(delta) if isinstance(delta, dict) else ""

    def _add_delta(self, delta: dict[str, Any]) -> str:
        text, thought = _parts(delta.get("content"))
        thought += "".join(_parts(delta.get("reasoning_content") or delta.get("reasoning")))
        self.thought += len(thought)
        self.refusal += _parts(delta.get("refusal"))[0]
        self._add_tool_call(delta)
        text = _paired(self._half + text)
        half = _FIRST_HALF.search(text)
        self._half = half[0] if half else ""
        text = text[: half.start()] if half else text
        if text:
            self.pieces.append(text)
        return text

    def _add_tool_call(self, delta: dict[str, Any]) -> None:
        """Add a piece of the first tool call."""
        calls = delta.get("tool_calls")
        called = [call for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []
        functions = [call.get("function") for call in called if not call.get("index")]
        for function in [*functions, delta.get("function_call")]:
            if isinstance(function, dict):
                self.tool = self.tool or str(function.get("name") or "")
                self.arguments += str(function.get("arguments") or "")


def _parts(content: object) -> tuple[str, str]:
    """Return text and reasoning of a content: a str, a block, or a list of blocks."""
    match content:
        case str():
            return content, ""
        case list():
            parts = [_parts(block) for block in content]
            return "".join(text for text, _ in parts), "".join(thought for _, thought in parts)
        case {"type": "thinking" | "reasoning", **block}:
            return "", "".join("".join(_parts(inner)) for inner in block.values())
        case {"text": inner} | {"content": inner}:
            return _parts(inner)
    return "", ""


def _paired(text: str) -> str:
    """Join surrogate pairs that arrived in two pieces."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


class ReplyEnding(NamedTuple):
    """How a reply ended; `why` explains an incomplete one."""

    finish: Finish
    why: str = ""


def ending(buffer: StreamBuffer, profile: Profile) -> ReplyEnding | None:
    """Return how a reply ended, or None if it was cut off.

    Without a finish reason the reply is complete if the server ended the stream, or if it can be parsed.
    """
    reason = buffer.finish.strip().lower().replace("-", "_").removeprefix("finish_reason_")
    if reason in _LENGTH:
        return ReplyEnding("length", _limit(buffer, profile))
    if reason in _FILTERS:
        return ReplyEnding("refusal", f"A filter of the server ended the reply ({reason}).")
    if buffer.refusal and not buffer.pieces:
        return ReplyEnding("refusal", f"The model says: {buffer.refusal.strip()[:300]}")
    if (buffer.tool or reason in _CALLS) and not _is_whole(buffer.text):
        call = f"{buffer.tool}({buffer.arguments})"[:200]
        return ReplyEnding(
            "cut",
            f"It calls a tool, {call}, but no tools were offered: write the code as text. A model that keeps "
            "calling tools needs another chat template.",
        )
    if reason and reason not in _WHOLE | _CALLS:
        return ReplyEnding("cut", f"The server ended the reply for the reason {buffer.finish[:60]!r}.")
    is_over = bool(reason) or buffer.is_done or _is_whole(buffer.text)
    return ReplyEnding("stop") if is_over else None


def _limit(buffer: StreamBuffer, profile: Profile) -> str:
    limit = profile.max_tokens
    text = f"The limit is max_tokens in the policy's profile, now {limit}: raise it for longer replies."
    if limit == "none":
        text = "No max_tokens was sent: the limit is the server's own."
    tokens = (buffer.usage or {}).get("completion_tokens")
    if isinstance(tokens, int) and limit != "none" and 0 < tokens < limit:
        text += f" The server stopped at {tokens} tokens: it may have a limit of its own, or a full context."
    if buffer.thought and not buffer.text.strip():
        text += " Reasoning used it up."
    return text


def _is_whole(text: str) -> bool:
    try:
        parse_reply(text)
    except ReplyRefused:
        return False
    return True
