"""What is known of one session, in a few lines."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from recode_core.format import counted, dollars, file_size, score_text, time_text
from recode_core.result import Result
from recode_core.session.catalog import SessionEntry
from recode_core.statuses import outcome_text
from recode_tui.home.columns import reason, settings_of
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
    file = f"{entry.path.name} · {file_size(entry.size)}"
    if entry.notice:
        file += f" · {entry.notice.removeprefix(str(entry.path)).strip()}"
    lines.append(Content.styled(one_line(file, _LONGEST), "$quiet"))
    return Content("\n").join(lines)


def _numbers(entry: SessionEntry) -> list[str]:
    if entry.result is None:
        return ["reading…"]
    result: Result = entry.result
    return [
        outcome_text(result.outcome, result.limit),
        score_text(result.score),
        counted(result.steps, "step"),
        counted(result.calls, "call"),
        counted(result.tokens, "token"),
        "no cost" if result.cost_usd == 0 else dollars(result.cost_usd),
        time_text(result.seconds),
        *([counted(entry.branches, "branch", "branches")] if entry.branches > 1 else []),
    ]
