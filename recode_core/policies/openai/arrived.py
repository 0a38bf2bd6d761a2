"""What has arrived of a reply, read leniently: what cannot be read is passed over."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")
_FIRST_HALF = re.compile("[\ud800-\udbff]\\Z")


@dataclass(slots=True)
class Arrived:
    """The reply so far. `thought` counts the characters of reasoning, which are no part of the text.

    `tool` and `arguments` are of the first tool call. `is_done`: the server said that the stream is over.
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
        """The text, or what the model said instead of one."""
        return "".join(self.pieces) + self._half or self.refusal

    def add(self, chunk: object) -> str:
        """Take in a chunk, as plain JSON; the new text. Raises ValueError for one that is no chunk."""
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
        """Take in counts of tokens; of several, the last of each is right."""
        for place in (holder, holder.get("x_groq")):
            usage = place.get("usage") if isinstance(place, dict) else None
            for each in usage if isinstance(usage, list) else [usage]:
                if isinstance(each, dict):
                    told = {name: count for name, count in each.items() if count is not None}
                    self.usage = {**(self.usage or {}), **told}

    def _choose(self, choice: dict[str, Any]) -> str:
        """The new text of a choice, if it is the first."""
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
        """Take in a piece of a tool call; of several, the first."""
        calls = delta.get("tool_calls")
        called = [call for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []
        functions = [call.get("function") for call in called if not call.get("index")]
        for function in [*functions, delta.get("function_call")]:
            if isinstance(function, dict):
                self.tool = self.tool or str(function.get("name") or "")
                self.arguments += str(function.get("arguments") or "")


def _parts(content: object) -> tuple[str, str]:
    """Text and reasoning of a content: a str, a block, or a list of blocks."""
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
    """Text in which the two halves of a character that came in two pieces are one again."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
