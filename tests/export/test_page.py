"""A session as a page: all of it is there, it can be searched and linked, and nothing in it can act."""

from __future__ import annotations

import gzip
import re
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from recode_core.environments.scripted import ScriptedWorld
from recode_core.events import NoteSet
from recode_core.executor.run_state import AtAction
from recode_core.export.page import page
from recode_core.export.page.anchors import Anchors, safe
from recode_core.log import Log
from recode_core.session import read
from recode_core.testing import ROOT
from recode_core.timeline import Timeline
from recode_core.values import Observation
from tests.bench.big_session import make

if TYPE_CHECKING:
    from tests.export.conftest import Save

HOSTILE = (
    """</pre></details><script>alert(1)</script><img src=x onerror="alert(1)">'"&amp;]]>\x1b[31m\x00\u202e"""
)
MENDED = Path(__file__).parents[2] / "sessions" / "household-mended.jsonl"


class Seen(HTMLParser):
    """What a browser makes of a page: its elements, its text, and places and links."""

    VOID = ("meta", "br", "input", "line", "path", "circle")
    IMPLIED = ("td", "th", "tr")
    """Elements whose end is left out, as HTML allows."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: Counter[str] = Counter()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.policy = ""
        self.open: list[str] = []
        self.deepest = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes.update(name for name, _ in attrs)
        given = dict(attrs)
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given.get("content") or ""
        self.ids += [place for place in [given.get("id")] if place]
        self.links += [link for link in [given.get("href")] if link]
        if tag not in (*self.VOID, *self.IMPLIED):
            self.open.append(tag)
            self.deepest = max(self.deepest, len(self.open))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in self.raw:
            self.raw[self.open[-1]].append(data)
        else:
            self.text += data

    @property
    def tree(self) -> str:
        """The text of the trees alone."""
        return self.text.partition("first observation-=")[2].partition("Actions")[0]


def test_what_a_world_a_model_or_a_file_says_is_text_and_nothing_else(make_run: Any, save: Save) -> None:
    world = ScriptedWorld({"look": Observation(HOSTILE)}, instruction=HOSTILE, first=HOSTILE)
    code = f"x = {HOSTILE!r}\nprint(x)\nrun('look')\nrun(x)\nraise ValueError(x)"
    played = make_run([code] * 3, world)
    played.to_end()
    played.log.append(NoteSet("0", HOSTILE))
    played.log.fork(9, '"><script>', HOSTILE)
    text = page(read(save(played.log, task=HOSTILE)))
    seen = Seen(text)
    assert not seen.open
    assert not {"img", "iframe", "object", "embed", "form", "link", "base"} & set(seen.tags)
    assert (seen.tags["script"], seen.tags["style"]) == (1, 1)
    assert not [name for name in seen.attributes if name.startswith("on") or name in ("style", "src")]
    assert all(link.startswith("#") for link in seen.links)
    assert not [place for place in seen.ids if re.search(r"[<>\"'\s]", place)]
    assert seen.text.count("<script>alert(1)</script>") > 9
    assert not set("\x00\x1b\u202e") & set(text)


@pytest.mark.parametrize("kind", ["script", "style"])
def test_the_policy_allows_the_one_script_and_style_sheet_of_the_page(kind: str) -> None:
    seen = Seen(page(read(MENDED)))
    [source] = seen.raw[kind]
    digest = b64encode(sha256(source.encode()).digest()).decode()
    assert f"{kind}-src 'sha256-{digest}';" in seen.policy
    assert seen.policy.startswith("default-src 'none';")
    assert "unsafe" not in seen.policy


def test_the_page_needs_no_network() -> None:
    text = page(read(MENDED))
    seen = Seen(text)
    assert not {"link", "img"} & set(seen.tags)
    assert "@import" not in text
    assert "url(" not in text
    assert not re.search(r"fetch|XMLHttpRequest|WebSocket|innerHTML|eval|import", seen.raw["script"][0])


def test_every_node_of_the_current_branch_is_there_with_what_happened(save: Save) -> None:
    session = read(MENDED)
    text = page(session)
    seen = Seen(text)
    tree = session.timeline().end
    assert {f"node={node.replace('#', '~23~')}" for node in tree.nodes} <= set(seen.ids)
    assert {f"#node={node.replace('#', '~23~')}" for node in tree.nodes} <= set(seen.links)
    assert all(
        node.thought in seen.text and node.text.split("\n")[0][:80] in seen.text
        for node in tree.nodes.values()
    )
    assert tree.instruction in seen.text
    assert "move cd 2 to shelf 2" in seen.text
    assert "5 steps" in seen.text


def test_each_link_leads_to_one_place_of_the_page() -> None:
    seen = Seen(page(read(MENDED)))
    assert len(seen.links) > 5
    assert max(Counter(seen.ids).values()) == 1
    assert {link.removeprefix("#") for link in seen.links} <= set(seen.ids)


def test_another_branch_tells_only_what_differs() -> None:
    edited, _, other = Seen(page(read(MENDED))).tree.partition("✔solve")[2].partition("□solve")
    assert ("as on" in edited, other.count("as on edit-1")) == (False, 8)
    assert ("move cd 2 to shelf 2" in edited, "move cd 2 to shelf 2" in other) == (True, False)


def test_a_prompt_that_is_asked_again_and_again_is_told_once(make_run: Any, save: Save) -> None:
    played = make_run({ROOT: "a()\nb()", "a()": "x = 1", "b()": "y = 2"})
    played.to_end()
    seen = Seen(page(read(save(played.log))))
    assert seen.text.count("You write a Python program that acts in a text world") == 2  # its summary, too
    assert seen.links.count("#text=0") == 3


def test_the_way_to_a_failure_is_unfolded_and_named(make_run: Any, save: Save) -> None:
    played = make_run({ROOT: ["a()"] * 3, "a()": ["y = 1 / 0"] * 9})
    played.to_end()
    text = page(read(save(played.log)))
    assert 'failures: <a href="#node=0.0.0">0.0.0</a>' in text
    assert '<details class="n superseded" id="node=0.0.0" open>' in text
    assert "ZeroDivisionError" in Seen(text).text


def test_the_passes_of_a_loop_are_told_with_its_actions(make_run: Any, save: Save) -> None:
    played = make_run("for i in range(3):\n    run(f'go to {i}')", ScriptedWorld(["A", "B", "C"]))
    played.to_end()
    text = Seen(page(read(save(played.log)))).text
    assert "pass 2 go to 1 ≡B" in text
    assert "i = 2pass 3 go to 2 ≡C" in text


def test_a_placeholder_that_became_one_line_shows_it(make_run: Any, save: Save) -> None:
    played = make_run({ROOT: "a()\nb()", "a()": "x = 1", "b()": "y = 2\nz = 3"})
    played.to_end()
    text = Seen(page(read(save(played.log)))).text
    assert ("a() → x = 1" in text, "b() →" in text) == (True, False)


def test_a_run_that_is_not_over_is_told_as_far_as_it_is(make_run: Any, save: Save) -> None:
    played = make_run("x = run('look')")
    played.until(AtAction)
    assert "unfinished" in Seen(page(read(save(played.log)))).text
    assert "unfinished" in Seen(page(read(save(Log(), "empty")))).text


def test_a_damaged_session_makes_a_page_of_what_is_before_the_damage(make_run: Any, save: Save) -> None:
    played = make_run("x = run('look')")
    played.to_end()
    path = save(played.log)
    kept = [line for line in path.read_text().splitlines(True) if "text_stored" not in line]
    lines = [kept[0], *(line.replace(line.split(",")[0], f'{{"n":{n}') for n, line in enumerate(kept[1:]))]
    path.write_text("".join(lines))
    session = read(path)
    assert session.damage.startswith("line 3: no stored text with hash ")
    assert "unfinished" in Seen(page(session)).text


def test_each_action_is_listed_once_and_linked_both_ways_with_the_tree() -> None:
    session = read(MENDED)
    text = page(session)
    seen = Seen(text)
    actions = {
        action.n
        for name in session.log().branches
        for action in Timeline(session.log().line(name)).actions.actions[1:]
    }
    assert len(actions) == 7
    for n in actions:
        assert seen.ids.count(f"action={n}") == seen.ids.count(f"record={n}") == 1
        row = text[text.index(f'<tr id="action={n}"') :].partition("<tr")[2].partition("<tr")[0]
        assert f'href="#record={n}"' in row
        block = text[text.index(f'id="record={n}"') :].partition("</pre>")[0]
        assert f'href="#action={n}"' in block


def test_the_timeline_has_a_line_for_each_branch_with_calls_actions_and_failures(
    make_run: Any, save: Save
) -> None:
    played = make_run({ROOT: ["a()"] * 3, "a()": ["run('look')\ny = 1 / 0"] * 9})
    played.to_end()
    text = page(read(save(played.log)))
    timeline = text.partition('<section id="timeline">')[2].partition("</section>")[0]
    for kind in ("call", "action", "failure", "stop"):
        assert f'class="{kind}"><title>{kind} at record ' in timeline
    two = page(read(MENDED)).partition('<section id="timeline">')[2].partition("</section>")[0]
    assert re.findall(r'aria-label="([^"]+)"', two) == ["main", "edit-1"]
    assert "not solved: the code came to its end · score 0" in two
    assert "solved · score 1" in two


def test_the_branches_are_compared_by_results_actions_and_statements() -> None:
    text = page(read(MENDED))
    compared = Seen(text.partition('<section id="comparison">')[2].partition("</section>")[0]).text
    assert "record 78 of main: 0.8 was written by hand" in compared
    assert "The first observation that differs is that of step 4." in compared
    assert "move cd 2 to shelf 2You move the cd 2 to the shelf 2.move cd 2 to desk 1" in compared
    assert "0.8.0 visit(place) done0.8.0 visit('desk 1') done" in compared
    assert "take cd 2" not in compared  # it is the same on both


def test_a_run_with_one_branch_has_no_comparison(make_run: Any, save: Save) -> None:
    played = make_run("x = run('look')")
    played.to_end()
    assert "comparison" not in Seen(page(read(save(played.log)))).ids


def test_a_page_of_a_large_session_is_of_reasonable_size(tmp_path: Path) -> None:
    file = tmp_path / "large.jsonl"
    make(file, 5100)
    text = page(read(file))
    assert 5000 < text.count('id="node=') < 5500
    assert len(text) < 3_500_000
    assert len(gzip.compress(text.encode())) < 200_000
    timeline = text.partition('<section id="timeline">')[2].partition("</section>")[0]
    assert len(timeline) < 60_000


@pytest.mark.parametrize(
    ("name", "expected"), [("0.1#2", "0.1~23~2"), ('"><x', "~22~~3e~~3c~x"), ("é", "~e9~")]
)
def test_names_in_links_are_encoded(name: str, expected: str) -> None:
    assert safe(name) == expected


def test_a_record_that_is_not_shown_is_reached_at_the_one_before_it() -> None:
    anchors = Anchors("main")
    assert anchors.record(9) == "branch=main"
    assert [anchors.place_record(n) for n in (7, 3, 7)] == [' id="record=7"', ' id="record=3"', ""]
    assert [anchors.record(n) for n in (2, 3, 6, 7, 99)] == [
        "branch=main",
        "record=3",
        "record=3",
        "record=7",
        "record=7",
    ]
