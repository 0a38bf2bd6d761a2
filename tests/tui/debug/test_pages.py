"""What panels say of a moment, as pure functions of it: pages, editables, search, at stops of recordings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recode_core.debugger.annotations import Annotations
from recode_core.events import ActionReached, BreakpointSet, ExpansionRequested, StatementReached
from recode_core.log import Log
from recode_core.session import read
from recode_core.testing import MakeRun
from recode_core.timeline import Timeline
from recode_core.values import Span
from recode_tui.debug.drafts import Edited
from recode_tui.debug.edit_targets import EditTarget, edit_target
from recode_tui.debug.panels import pages
from recode_tui.debug.search import Found, search
from recode_tui.debug.view_frame import Frame
from recode_tui.statuses import BREAKPOINT
from recode_tui.widgets.document import Document, Range
from tests.tui.debug.conftest import SAMPLES

WIDTH = 60
LINES = [
    (path, branch)
    for path in sorted(SAMPLES.glob("*.jsonl"))
    if path.stem != "large"
    for branch in read(path).log().branches
]


def frames(path: Path, branch: str) -> Iterator[Frame]:
    """Every stop of a line."""
    log = read(path).log()
    timeline = Timeline(log.line(branch), branch)
    for rest in timeline.stops:
        yield frame_at(log, timeline, rest.n)


def frame_at(log: Log, timeline: Timeline, n: int, annotations: Annotations | None = None) -> Frame:
    return Frame(log, timeline, n, timeline.stop_at(n), annotations or Annotations())


def event_of(frame: Frame) -> object:
    return frame.timeline.records[frame.timeline.index(frame.n)].event if frame.n >= 0 else None


def text_of(document: Document, line: int | None) -> str:
    return document.text(line).strip() if line is not None else ""


@pytest.fixture(scope="module", params=LINES, ids=lambda line: f"{line[0].stem}-{line[1]}")
def stops(request: pytest.FixtureRequest) -> list[Frame]:
    return list(frames(*request.param))


def test_the_marked_line_of_the_code_is_the_one_that_runs(stops: list[Frame]) -> None:
    marked = 0
    for frame in stops:
        document = pages.code(frame, frame.node, WIDTH)
        event = event_of(frame)
        if frame.imported or frame.moment.code_shown(frame.moment.call_shown(frame.node)) is None:
            continue  # its statements are not known, or it is the loop of an agent, which has no code
        if isinstance(event, StatementReached):
            assert document.current is not None
            statement = frame.timeline.text_at(frame.stop).split("\n")[0].strip()
            assert text_of(document, document.current).startswith(statement[:20])
            marked += 1
        elif isinstance(event, ActionReached):
            assert document.ranges
            assert "run(" in document.text(document.ranges[0].line)[document.ranges[0].start :]
            marked += 1
    assert marked > 5 or stops[-1].imported is not None


def test_a_span_over_several_lines_gives_a_range_on_each() -> None:
    page = pages.CodeLines(("x = run(", "    'go'", ")"), 0, (0, 1, 2), ())
    assert page.ranges(Span(1, 4, 3, 1), "now") == (
        Range(0, 4, 8, "now"),
        Range(1, 0, 8, "now"),
        Range(2, 0, 1, "now"),
    )


def test_a_line_of_the_page_is_the_line_of_the_code(stops: list[Frame]) -> None:
    for frame in stops[:: max(1, len(stops) // 20)]:
        for node in frame.timeline.tree.nodes:
            code = frame.moment.code_shown(frame.moment.call_shown(node))
            document = pages.code(frame, node, WIDTH)
            if code is None:
                continue
            lines = code.text.split("\n")
            found = [pages.line_of_code(frame, node, line, WIDTH) for line in range(len(document.lines))]
            numbered = [
                (place[1], document.text(at))
                for at, place in enumerate(found)
                if place is not None and at not in document.unnumbered  # of a failure it is the line above
            ]
            assert numbered == list(enumerate(lines, start=1))


def test_the_prompt_is_what_was_sent_and_the_reply_what_came(stops: list[Frame]) -> None:
    for frame in stops:
        event = event_of(frame)
        if isinstance(event, ExpansionRequested):
            whole = "\n".join(map(str, pages.prompt(frame, frame.node).lines))
            assert all(frame.log.load(ref).content in whole for ref in event.messages)
            known = frame.timeline.expansions.histories[frame.node]
            is_first = not known.replies or known.replies[0].n > frame.n
            note = "No reply has arrived for this node." if is_first else "No reply has arrived to the last"
            assert pages.reply(frame, frame.node).text(0).startswith(note)
    last = stops[-1]
    for node, expansions in last.timeline.expansions.histories.items():
        if expansions.replies:
            whole = "\n".join(
                pages.reply(last, node).text(at) for at in range(len(pages.reply(last, node).lines))
            )
            assert expansions.replies[-1].reply.text in whole


def test_what_can_be_edited_is_what_stands_there_and_passes_its_own_check(stops: list[Frame]) -> None:
    checked = 0
    for frame in stops[:: max(1, len(stops) // 4)]:
        for node in frame.timeline.tree.nodes:
            found = edit_target(frame, "code", node)
            if isinstance(found, str):
                assert "ahead" in found or "there" in found or "not exist at this moment" in found
            elif found.text:
                assert found.check(found.text) is None, found.text
                fault = found.check("a = (")
                assert fault is not None
                assert fault.line == 1
                checked += 1
    assert checked > 10


def test_an_edit_of_a_statement_says_the_place_inside_it(stops: list[Frame]) -> None:
    frame = stops[len(stops) // 2]
    found = [edit_target(frame, "code", node) for node in frame.timeline.tree.nodes]
    statements = [
        each for each in found if isinstance(each, EditTarget) and each.title.startswith("Edit the statement")
    ]
    for each in statements[:5]:
        fault = each.check("a = 1\nimport os.path as")
        assert fault is not None
        assert fault.line == 2


def test_a_search_finds_what_a_plain_look_finds(stops: list[Frame]) -> None:
    frame = stops[-1]
    timeline = frame.timeline
    shown = {"0"}
    waiting = ["0"]
    while waiting:
        children = timeline.tree.children_shown(waiting.pop(), frame.n)
        shown.update(children)
        waiting += children
    for text in ("put", "Run", "take", "RUN", "[a-z]+", "zzz", "in {len("):
        fold = str.lower if text == text.lower() else str
        wanted = {node.id for node in timeline.tree.nodes.values() if text in fold(node.last.text)}
        for node, expansions in timeline.expansions.histories.items():
            wanted |= {
                node for code in expansions.codes if text in fold(code.text) or text in fold(code.thought)
            }
        for act in timeline.actions.actions:
            if act.place is not None and (text in fold(act.action) or text in fold(act.observation.text)):
                wanted.add(act.place.node)
        found = search(frame, text)
        wanted &= shown
        assert set(found.nodes) == wanted
        assert len(found.nodes) == len(wanted)


def test_the_next_hit_goes_round() -> None:
    found = Found("x", ("0", "0.1", "0.4"))
    assert [found.next(node, 1) for node in ("0", "0.1", "0.4", "0.2")] == ["0.1", "0.4", "0", "0"]
    assert [found.next(node, -1) for node in ("0", "0.1", "0.4", "0.2")] == ["0.4", "0", "0.1", "0.4"]
    assert Found("x").next("0", 1) is None


def test_a_disabled_breakpoint_is_not_in_the_gutter() -> None:
    path = SAMPLES / "household-mended.jsonl"
    log = read(path).log()
    timeline = Timeline(log.line("main"), "main")
    n = timeline.stops[-1].n
    for enabled in (True, False):
        point = BreakpointSet(1, "line", "0:2", enabled=enabled)
        frame = frame_at(log, timeline, n, Annotations().after(point))
        marks = pages.code(frame, "0", WIDTH).marks.values()
        assert (BREAKPOINT in marks) == enabled


@pytest.mark.parametrize("sort", ["prompt", "reply"])
def test_what_was_never_asked_cannot_be_edited(sort: Edited) -> None:
    path, branch = LINES[0]
    frame = next(frames(path, branch))
    assert isinstance(edit_target(frame, sort, "0"), str)
    assert edit_target(frame, "code", "0.99") == "node 0.99 does not exist at this moment"


def test_an_action_in_a_function_is_marked_in_the_turn_that_defined_it(make_run: MakeRun) -> None:
    define = "def look(at):\n    return run(f'look {at}')"
    played = make_run([define, "x = look('a')", "task_finished = True"], agent_name="codeact")
    played.to_end()
    timeline = Timeline(played.log.line())
    (rest,) = [rest for rest in timeline.stops if rest.kind == "action"]
    frame = frame_at(played.log, timeline, rest.n)
    calling, defining = (pages.code(frame, turn, WIDTH) for turn in ("0#2.0", "0#1.0"))
    assert [calling.text(r.line)[r.start : r.end] for r in calling.ranges] == ["x = look('a')"]
    assert [defining.text(r.line)[r.start : r.end] for r in defining.ranges] == ["run(f'look {at}')"]
