"""The page: the result of the session, and a section with the tree of each branch.

All text from models, environments and files is escaped, and the page's content security policy forbids
scripts and requests, so nothing in a session can execute when the page is read. The current branch is
rendered completely, other branches only where they differ from it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib.resources import files

from recode_core.events import ExpansionRequested, PromptEdited
from recode_core.export.page.branch_section import BranchSection
from recode_core.export.page.highlight import Highlighter
from recode_core.export.page.markup import escaped, linked
from recode_core.export.page.node_events import NodeEvents
from recode_core.format import counted, dollars, score_text, time_text
from recode_core.log import Log, Record
from recode_core.result import Result, result_of
from recode_core.session import Header, Session
from recode_core.timeline import Timeline
from recode_core.timeline.all_branches import timelines

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_BRIEF = 100  # characters of a collapsed text


def page(session: Session) -> str:
    """Render a session as a page. Raises NotASession if its records are inconsistent."""
    with session.integrity_errors():
        return "".join(_parts(session))


def _parts(session: Session) -> Iterator[str]:
    log, highlighter = session.log(), Highlighter()
    line, shared = log.line(), _shared(log)
    current = NodeEvents(Timeline(line))
    settings = session.header.settings
    title = escaped(f"{settings.environment} {settings.task}")
    style = files("recode_core.export.page").joinpath("style.css").read_text("utf-8")
    yield (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title} · recode</title><style>{style}{highlighter.style}</style></head><body>"
    )
    yield from _head(session.header, current, result_of(current.timeline))
    yield from BranchSection(log, log.branch, current, highlighter, shared).render()
    for name, timeline in timelines(log):
        if name != log.branch:
            common = _common(timeline.records, line)
            yield from BranchSection(log, name, NodeEvents(timeline), highlighter, shared, common).render()
    yield from _texts(log, shared)
    yield "</body></html>\n"


def _head(header: Header, events: NodeEvents, result: Result) -> Iterator[str]:
    settings = header.settings
    prompts = f"prompts {settings.prompts.name}" if settings.prompts is not None else ""
    names = (settings.agent, settings.policy, settings.model, prompts)
    who = " · ".join(dict.fromkeys(filter(None, names)))
    yield f"<h1>{escaped(settings.environment)} {escaped(settings.task)}</h1>"
    yield f"<p>{escaped(events.end.instruction)}</p>"
    outcome = "unfinished" if result.outcome is None else "solved" if result.solved else "not solved"
    ending = events.end.ending
    detail = f" ({ending.event.detail})" if ending is not None and ending.event.detail else ""
    numbers = (
        f"{outcome}{detail}",
        score_text(result.score),
        counted(result.steps, "step"),
        counted(result.nodes, "node"),
        f"depth {result.depth}",
        counted(result.calls, "call"),
        counted(result.tokens, "token"),
        dollars(result.cost_usd),
        time_text(result.seconds),
    )
    yield f"<p><strong>{escaped(' · '.join(numbers))}</strong></p>"
    yield f'<p class="quiet">{escaped(f"{who} · {header.created} · session {header.id}")}</p>'


def _shared(log: Log) -> dict[str, int]:
    """The texts of messages that several prompts share, numbered; they are rendered once, at the end."""
    seen: Counter[str] = Counter()
    for record in log.records:
        if isinstance(record.event, ExpansionRequested | PromptEdited):
            seen.update({ref.text for ref in record.event.messages})
    return {text: number for number, text in enumerate(text for text, count in seen.items() if count > 1)}


def _common(line: list[Record], other: list[Record]) -> int:
    """The last record that two lines share; -1 if there is none."""
    last = -1
    for record, same in zip(line, other, strict=False):
        if record.n != same.n:
            break
        last = record.n
    return last


def _texts(log: Log, shared: dict[str, int]) -> Iterator[str]:
    if not shared:
        return
    yield "<h2>Messages of several prompts</h2>"
    for text, number in shared.items():
        content = log.text(text)
        begins = f"{content[:_BRIEF]}…" if len(content) > _BRIEF else content
        yield (
            f'<details class="f" id="{linked("text", number)}"><summary>{escaped(begins)}</summary>'
            f"<pre>{escaped(content)}</pre></details>"
        )
