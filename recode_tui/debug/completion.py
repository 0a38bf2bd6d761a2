"""Completion of command lines. Listing the commands loads the engine."""

from __future__ import annotations

from collections.abc import Iterator

from recode_tui.debug.view_frame import Frame


def candidates(line: str, frame: Frame | None) -> Iterator[str]:
    """Yield the completions of `line` as whole lines, the most likely first."""
    from recode_core.debugger import completion

    yield from completion.candidates(line, frame)
