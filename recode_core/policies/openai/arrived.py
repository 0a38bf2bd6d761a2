"""What has arrived of a streamed reply."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec


class _Delta(msgspec.Struct):
    content: str | None = None
    refusal: str | None = None
    reasoning: object = None
    reasoning_content: object = None


class _Choice(msgspec.Struct):
    delta: _Delta | None = None
    finish_reason: str | None = None
    index: int = 0


class _Chunk(msgspec.Struct):
    choices: list[_Choice] | None = None
    usage: dict[str, Any] | None = None


@dataclass(slots=True)
class Arrived:
    """The reply so far. `thought` counts the characters of reasoning, which are no part of the text."""

    pieces: list[str] = field(default_factory=list)
    refusal: str = ""
    thought: int = 0
    finish: str = ""
    usage: dict[str, Any] | None = None
    chunks: int = 0

    @property
    def text(self) -> str:
        """The text, or what the model said instead of one."""
        return "".join(self.pieces) or self.refusal

    def add(self, chunk: object) -> str:
        """Take in a chunk, as plain JSON; the new text. Raises ValueError for one that is malformed."""
        read = msgspec.convert(chunk, _Chunk)
        self.chunks += 1
        self.usage = read.usage or self.usage
        text = ""
        for choice in read.choices or ():
            if choice.index == 0:
                self.finish = choice.finish_reason or self.finish
                text += self._take(choice.delta or _Delta())
        return text

    def _take(self, delta: _Delta) -> str:
        self.thought += len(str(delta.reasoning_content or delta.reasoning or ""))
        self.refusal += delta.refusal or ""
        if delta.content:
            self.pieces.append(delta.content)
        return delta.content or ""
