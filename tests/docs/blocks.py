"""The code blocks of the documentation and the README.

A fence may follow a comment, `<!-- NAME -->`, which names the block for a test of its own, or
`<!-- not run: REASON -->`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(
    r"(?:^<!-- (?P<mark>[^\n]*) -->\n)?^```(?P<language>\w*)\n(?P<code>.*?)^```$", re.M | re.S
)
_NOT_RUN = "not run: "


@dataclass(frozen=True)
class Block:
    """A code block with its page, its line and the comment above it."""

    page: Path
    line: int
    language: str
    code: str
    mark: str

    @property
    def reason(self) -> str:
        """Why the block is not run; empty if it is."""
        return self.mark.removeprefix(_NOT_RUN) if self.mark.startswith(_NOT_RUN) else ""

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    """The code blocks of a page, in order."""
    text = page.read_text("utf-8")
    for found in _BLOCK.finditer(text):
        line = text.count("\n", 0, found.start("code"))
        yield Block(page, line, found["language"], found["code"], found["mark"] or "")


@dataclass(frozen=True)
class Command:
    """A command of a `console` block, and the output that the page shows, if any.

    A line `…` of the output stands for any lines, and `…` inside a line for any text.
    """

    text: str
    output: str

    def prints(self, output: str) -> bool:
        """Return whether this output is what the page shows."""
        lines = self.output.strip().splitlines()
        pattern = "".join(
            r"(?:.*\n)*" if line == "…" else f"{re.escape(line).replace('…', '.*')}\\n" for line in lines
        )
        return not lines or re.fullmatch(pattern, f"{output.strip()}\n") is not None


def commands(block: Block) -> Iterator[Command]:
    """The commands of a `console` block; a command goes on after a backslash, or to the END of its text."""
    text, output = "", ""
    lines = iter(block.code.splitlines())
    for line in lines:
        if not line.startswith("$ "):
            output += f"{line}\n"
            continue
        if text:
            yield Command(text, output)
        text, output = line[2:], ""
        while text.endswith("\\") or (re.search(r"<< ?'?EOF", text) and not text.endswith("\nEOF")):
            text += f"\n{next(lines)}"
    if text:
        yield Command(text, output)
