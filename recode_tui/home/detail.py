"""What is known of one session, in a few lines."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from recode_core.result import Result
from recode_core.session.catalog import SessionEntry
from recode_tui.home.columns import cost, reason, settings_of
from recode_tui.home.outcomes import words_of
from recode_tui.text import one_line

_LONGEST = 1000  # characters of a line


class Detail(Static):
    """The session at the cursor: what it was to do, what came of it, what is wrong with its file."""

    DEFAULT_CSS = """
    Detail { height: 3; padding: 0 2; color: $foreground; }
    """

    entry: reactive[SessionEntry | None] = reactive(None, layout=False)

    def watch_entry(self, entry: SessionEntry | None) -> None:
        self.update(_lines(entry) if entry else "", layout=False)


def _lines(entry: SessionEntry) -> Content:
    first = one_line(entry.instruction or settings_of(entry, lambda settings: settings.task), _LONGEST)
    lines = [Content(first)] if first else []
    if entry.error:
        lines.append(Content.styled(one_line(reason(entry), _LONGEST), "$error"))
    else:
        lines.append(Content.styled(" · ".join(_numbers(entry)), "$quiet"))
    file = f"{entry.path.name} · {size(entry.size)}"
    if entry.notice:
        file += f" · {entry.notice.removeprefix(str(entry.path)).strip()}"
    lines.append(Content.styled(one_line(file, _LONGEST), "$quiet"))
    return Content("\n").join(lines)


def _numbers(entry: SessionEntry) -> list[str]:
    if entry.result is None:
        return ["reading…"]
    result: Result = entry.result
    return [
        words_of(result),
        "score unknown" if result.score is None else f"score {round(result.score, 3):g}",
        _counted(result.steps, "step"),
        _counted(result.calls, "call"),
        _counted(result.tokens, "token"),
        "cost unknown" if result.cost_usd is None else "no cost" if not result.cost_usd else cost(result),
        _time(result.seconds),
        *([_counted(entry.branches, "branch", "branches")] if entry.branches > 1 else []),
    ]


def _counted(count: int | None, one: str, many: str = "") -> str:
    if count is None:
        return f"{many or one + 's'} unknown"
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _time(seconds: float | None) -> str:
    return "time unknown" if seconds is None else f"{seconds:.{2 if seconds < 10 else 0}f} s"


def size(count: int) -> str:
    """A number of bytes to read."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= factor:
            return f"{count / factor:.{0 if count >= 10 * factor else 1}f} {unit}"
    return f"{count} B"
