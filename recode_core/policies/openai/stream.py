"""Reading a reply as it arrives: its events, its text, how it ends, and the masking of secrets."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import quote

from recode_core.policies.openai.profile import ApiKey, Profile
from recode_core.policies.policy import Finish
from recode_core.policies.reply import ReplyRefused, parse_reply

_LARGEST = 16 << 20  # bytes of one line, and of all that belongs to no event
_FIELDS = frozenset({"data", "event", "id", "retry"})
_SURROGATE = re.compile("[\ud800-\udfff]")
_FIRST_HALF = re.compile("[\ud800-\udbff]\\Z")
# What servers call the end of a reply: OpenAI, Anthropic, Gemini, Mistral, TGI, Together, Cohere.
_WHOLE = {"stop", "eos", "eos_token", "end_turn", "stop_sequence", "stop_token", "complete", "completed"}
_LENGTH = {"length", "max_tokens", "max_length", "max_output_tokens", "model_length", "token_limit"}
_LENGTH |= {"model_context_window_exceeded"}
_FILTERS = {"content_filter", "content_filtered", "safety", "recitation", "blocklist", "spii"}
_FILTERS |= {"prohibited_content", "refusal", "sensitive", "guardrail_intervened"}
_CALLS = {"tool_calls", "tool_call", "tool_use", "function_call"}
_TELLING = 12  # the first characters of a long secret that are masked even without the rest
_PLACEHOLDER = 6  # characters of the longest value that is no secret: `none`, `EMPTY`, `x`
_MASK = "(the key)"


class TooLarge(ValueError):
    """An answer is larger than any reply."""


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One event: its data, and its name where it has one."""

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

    def keep(self, line: str) -> None:
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
                self.keep(line)
        if data:  # a server need not end its last event
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
    """What has arrived of a reply. It is read leniently: what cannot be read is skipped.

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
        """Add a chunk, as plain JSON, and return its text. Raises ValueError if it is no chunk."""
        if isinstance(chunk, list):
            return "".join(map(self.add, chunk))
        if not isinstance(chunk, dict):
            return ""
        choices = chunk.get("choices") or []
        if not isinstance(choices, list):
            raise ValueError(f"`choices` is {choices!r:.60}, not a list")
        self.chunks += 1
        self._count(chunk)
        return "".join(self._choose(choice) for choice in choices if isinstance(choice, dict))

    def _count(self, holder: dict[str, Any]) -> None:
        """Update the counts of tokens; later counts replace earlier ones."""
        for place in (holder, holder.get("x_groq")):
            usage = place.get("usage") if isinstance(place, dict) else None
            for each in usage if isinstance(usage, list) else [usage]:
                if isinstance(each, dict):
                    told = {name: count for name, count in each.items() if count is not None}
                    self.usage = {**(self.usage or {}), **told}

    def _choose(self, choice: dict[str, Any]) -> str:
        """Add a choice, and return its text; choices after the first are skipped."""
        if choice.get("index") not in (None, 0, "0"):
            return ""
        self._count(choice)
        self.finish = str(choice.get("finish_reason") or self.finish)
        delta = choice.get("delta")
        if not isinstance(delta, dict) and not self.pieces:
            delta = choice.get("message")
        return self._take(delta) if isinstance(delta, dict) else ""

    def _take(self, delta: dict[str, Any]) -> str:
        text, thought = _parts(delta.get("content"))
        thought += "".join(_parts(delta.get("reasoning_content") or delta.get("reasoning")))
        self.thought += len(thought)
        self.refusal += _parts(delta.get("refusal"))[0]
        self._call(delta)
        text = _paired(self._half + text)
        half = _FIRST_HALF.search(text)
        self._half = half[0] if half else ""
        text = text[: half.start()] if half else text
        if text:
            self.pieces.append(text)
        return text

    def _call(self, delta: dict[str, Any]) -> None:
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
        return ReplyEnding("refusal", f"A filter of the server ended it ({reason}).")
    if buffer.refusal and not buffer.pieces:
        return ReplyEnding("refusal", f"The model says: {buffer.refusal.strip()[:300]}")
    if (buffer.tool or reason in _CALLS) and not _is_whole(buffer.text):
        call = f"{buffer.tool}({buffer.arguments})"[:200]
        return ReplyEnding(
            "cut",
            f"It calls a tool, {call}, and none was offered: write the code as text. A model that goes on "
            "with tools needs another chat template.",
        )
    if reason and reason not in _WHOLE | _CALLS:
        return ReplyEnding("cut", f"The server ended it for the reason {buffer.finish[:60]!r}.")
    is_over = bool(reason) or buffer.is_done or _is_whole(buffer.text)
    return ReplyEnding("stop") if is_over else None


def _limit(buffer: StreamBuffer, profile: Profile) -> str:
    limit = profile.max_tokens
    said = f"The limit is max_tokens in the policy's profile, now {limit}: raise it for longer replies."
    if limit == "none":
        said = "No max_tokens was asked for: the limit is the server's own."
    told = (buffer.usage or {}).get("completion_tokens")
    if isinstance(told, int) and limit != "none" and 0 < told < limit:
        said += f" The server stopped at {told} tokens: it may have a limit of its own, or a full context."
    if buffer.thought and not buffer.text.strip():
        said += " Reasoning used it up."
    return said


def _is_whole(text: str) -> bool:
    try:
        parse_reply(text)
    except ReplyRefused:
        return False
    return True


class Mask:
    """Removes secrets from text; no `repr` shows them.

    A long secret is found inside of words too, and by its beginning. A shorter one, such as `lm-studio`,
    counts as a whole word only, and one that is as short as `none` only where it is called a key.
    """

    __slots__ = ("_long", "_others")

    def __init__(self, secrets: Iterable[str]) -> None:
        long: set[str] = set()
        others: list[str] = []
        for secret in secrets:
            if len(secret) >= _TELLING:
                long |= {secret, quote(secret, safe="")}
            elif len(secret) > _PLACEHOLDER:
                others.append(rf"(?<![\w-]){re.escape(secret)}(?![\w-])")
            elif secret:
                called = r"(?:\bbearer\s+|\b(?:key|token)(?:\s+provided)?[\"']?\s*[:=]\s*[\"']?)"
                others.append(rf"({called}){re.escape(secret)}(?![\w-])")
        self._long = tuple(long)
        self._others = tuple(re.compile(pattern, re.I) for pattern in others)

    def redact(self, text: str) -> str:
        """`text` without the secrets, should a server have repeated them."""
        for secret in self._long:
            text = _without(text, secret)
        for pattern in self._others:
            text = pattern.sub(lambda found: f"{found[1] if found.re.groups else ''}{_MASK}", text)
        return text

    def held(self, text: str) -> int:
        """Return how many characters at the end of a text may be the beginning of a long secret."""
        lengths = (
            n
            for secret in self._long
            for n in range(min(len(secret), len(text)), 0, -1)
            if text.endswith(secret[:n])
        )
        return max(lengths, default=0)


def mask_of(profile: Profile, key: ApiKey) -> Mask:
    """Make the mask for a profile's key and secret headers."""
    return Mask((key.reveal(), *profile.secret_headers.values()))


class MaskedStream:
    """Passes on pieces of text without secrets, including those spread over several pieces."""

    def __init__(self, mask: Mask, put: Callable[[str], None]) -> None:
        self._mask = mask
        self._put = put
        self._held = ""

    def put(self, piece: str) -> None:
        """Pass on the text that cannot be part of a secret."""
        text = self._held + piece
        at = len(text) - self._mask.held(text)
        self._held = text[at:]
        self._pass(text[:at])

    def flush(self) -> None:
        """Pass on the rest, at the end of the text."""
        self._pass(self._held)
        self._held = ""

    def _pass(self, text: str) -> None:
        if text:
            self._put(self._mask.redact(text))


def _without(text: str, secret: str) -> str:
    """Return the text without a secret, and without beginnings of it."""
    parts: list[str] = []
    begin = 0
    while (at := text.find(secret[:_TELLING], begin)) >= 0:
        end = at + _TELLING
        while end - at < len(secret) and text[end : end + 1] == secret[end - at]:
            end += 1
        parts += (text[begin:at], _MASK)
        begin = end
    return "".join((*parts, text[begin:])) if parts else text
