"""The page: the result of the session, its timeline, the branches as trees, the actions, and a comparison.

All text from models, environments and files is escaped. The page's content security policy allows one script
and one style sheet, by their hashes, and no requests, so nothing in a session can execute when the page is
read. The current branch is rendered completely, other branches only where they differ from it.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files

from recode_core.events import ExpansionRequested, PromptEdited
from recode_core.export.page.action_table import ActionTable
from recode_core.export.page.anchors import Anchors
from recode_core.export.page.branch_section import BranchSection, text_place
from recode_core.export.page.chart import Chart
from recode_core.export.page.comparison import BranchComparison
from recode_core.export.page.highlight import Highlighter
from recode_core.export.page.markup import escaped
from recode_core.export.page.node_events import NodeEvents
from recode_core.format import counted, dollars, score_text, time_text
from recode_core.log import Log, Record
from recode_core.result import Result, result_of
from recode_core.session import Header, Session
from recode_core.timeline import Timeline
from recode_core.timeline.all_branches import timelines

_POLICY = "default-src 'none'; script-src {script}; style-src {style}; base-uri 'none'; form-action 'none'"
_BRIEF = 100  # characters of a collapsed text


def page(session: Session) -> str:
    """Render a session as a page. Raises NotASession if its records are inconsistent."""
    with session.integrity_errors():
        return "".join(_parts(session))


def _parts(session: Session) -> Iterator[str]:
    log, highlighter = session.log(), Highlighter()
    shared, anchors = _shared(log), Anchors(log.branch)
    branches = {log.branch: Timeline(log.line(), log.branch)}
    branches |= {name: timeline for name, timeline in timelines(log) if name != log.branch}
    current = NodeEvents(branches[log.branch])
    trees = list(_trees(log, branches, current, highlighter, shared, anchors))  # they place the records
    settings = session.header.settings
    yield from _begin(f"{settings.environment} {settings.task}", highlighter, has_branches=len(branches) > 1)
    yield from _head(session.header, current, result_of(current.timeline))
    yield from Chart(log.records, anchors).render()
    yield from BranchComparison(log, branches, anchors).render()
    yield from trees
    yield from ActionTable(anchors).render(branches)
    yield from _texts(log, shared)
    yield f"<script>{_source('script.js')}</script></body></html>\n"


def _begin(title: str, highlighter: Highlighter, *, has_branches: bool) -> Iterator[str]:
    style = _source("style.css") + highlighter.style
    policy = _POLICY.format(script=_hash(_source("script.js")), style=_hash(style))
    yield (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escaped(title)} · recode</title><style>{style}</style></head><body>"
    )
    comparison = ' <a href="#comparison">Comparison</a>' * has_branches
    yield (
        '<nav><a href="#timeline">Timeline</a>'
        f"{comparison}"
        ' <a href="#tree">Tree</a> <a href="#actions">Actions</a>'
        '<input id="search" type="search" placeholder="search: /" aria-label="search" autocomplete="off">'
        '<output id="count" for="search"></output></nav>'
    )


def _trees(
    log: Log,
    branches: dict[str, Timeline],
    current: NodeEvents,
    highlighter: Highlighter,
    shared: dict[str, int],
    anchors: Anchors,
) -> Iterator[str]:
    line = current.timeline.records
    yield '<section id="tree">'
    for name, timeline in branches.items():
        is_current = name == log.branch
        events = current if is_current else NodeEvents(timeline)
        common = -1 if is_current else _common(timeline.records, line)
        yield from BranchSection(log, name, events, highlighter, shared, anchors, common).render()
    yield "</section>"


def _source(name: str) -> str:
    return files("recode_core.export.page").joinpath(name).read_text("utf-8")


def _hash(text: str) -> str:
    """The hash of a script or style sheet, as the policy names it."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


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
            f'<details class="f" id="{text_place(number)}"><summary>{escaped(begins)}</summary>'
            f"<pre>{escaped(content)}</pre></details>"
        )
