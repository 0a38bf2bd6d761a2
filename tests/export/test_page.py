"""A session as a page: all of it is there, and nothing in it can act."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recode_core.environments.scripted import ScriptedWorld
from recode_core.events import NoteSet
from recode_core.executor.run_state import AtAction
from recode_core.export.page import page
from recode_core.log import Log
from recode_core.session import read
from recode_core.testing import ROOT
from recode_core.values import Observation

if TYPE_CHECKING:
    from tests.export.conftest import Save

HOSTILE = (
    """</pre></details><script>alert(1)</script><img src=x onerror="alert(1)">'"&amp;]]>\x1b[31m\x00\u202e"""
)
MENDED = Path(__file__).parents[2] / "sessions" / "household-mended.jsonl"


class Seen(HTMLParser):
    """What a browser makes of a page: its elements, its text, and places and links."""

    VOID = ("meta", "br")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: Counter[str] = Counter()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.open: list[str] = []
        self.deepest = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes.update(name for name, _ in attrs)
        given = dict(attrs)
        self.ids += [place for place in [given.get("id")] if place]
        self.links += [link for link in [given.get("href")] if link]
        if tag not in self.VOID:
            self.open.append(tag)
            self.deepest = max(self.deepest, len(self.open))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += "" if self.open and self.open[-1] == "style" else data


def test_what_a_world_a_model_or_a_file_says_is_text_and_nothing_else(make_run: Any, save: Save) -> None:
    world = ScriptedWorld({"look": Observation(HOSTILE)}, instruction=HOSTILE, first=HOSTILE)
    code = f"x = {HOSTILE!r}\nprint(x)\nrun('look')\nrun(x)\nraise ValueError(x)"
    played = make_run([code] * 3, world)
    played.to_end()
    played.log.append(NoteSet("0", HOSTILE))
    played.log.fork(9, '"><script>', HOSTILE)
    text = page(read(save(played.log, task="put:7")))
    seen = Seen(text)
    assert not seen.open
    assert not {"script", "img", "iframe", "object", "embed", "form", "link", "base"} & set(seen.tags)
    assert set(seen.attributes) <= {
        *("lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "open", "title"),
    }
    assert all(link.startswith("#") for link in seen.links)
    assert seen.text.count("<script>alert(1)</script>") > 5
    assert not set("\x00\x1b\u202e") & set(text)
    assert "default-src 'none'" in text


def test_the_page_needs_no_network_and_no_script(make_run: Any, save: Save) -> None:
    text = page(read(MENDED))
    assert not {"script", "link", "img"} & set(Seen(text).tags)
    assert "@import" not in text
    assert "url(" not in text


def test_every_node_of_the_current_branch_is_there_with_what_happened(save: Save) -> None:
    session = read(MENDED)
    text = page(session)
    seen = Seen(text)
    tree = session.timeline().end
    assert {f"n-{session.log().branch}-{node.replace('#', '~23~')}" for node in tree.nodes} <= set(seen.ids)
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
    edited, _, other = Seen(page(read(MENDED))).text.partition("✔solve")[2].partition("□solve")
    assert ("as on" in edited, other.count("as on edit-1")) == (False, 8)
    assert ("move cd 2 to shelf 2" in edited, "move cd 2 to shelf 2" in other) == (True, False)


def test_a_prompt_that_is_asked_again_and_again_is_told_once(make_run: Any, save: Save) -> None:
    played = make_run({ROOT: "a()\nb()", "a()": "x = 1", "b()": "y = 2"})
    played.to_end()
    seen = Seen(page(read(save(played.log))))
    assert seen.text.count("You write a Python program that acts in a text world") == 2  # its summary, too
    assert seen.links.count("#text-0") == 3


def test_the_way_to_a_failure_is_unfolded_and_named(make_run: Any, save: Save) -> None:
    played = make_run({ROOT: ["a()"] * 3, "a()": ["y = 1 / 0"] * 9})
    played.to_end()
    text = page(read(save(played.log)))
    assert 'failures: <a href="#n-main-0.0.0">0.0.0</a>' in text
    assert '<details class="n superseded" id="n-main-0.0.0" open>' in text
    assert "ZeroDivisionError" in Seen(text).text


def test_the_passes_of_a_loop_are_told_with_its_actions(make_run: Any, save: Save) -> None:
    played = make_run("for i in range(3):\n    run(f'go to {i}')", ScriptedWorld(["A", "B", "C"]))
    played.to_end()
    text = Seen(page(read(save(played.log)))).text
    assert "pass 2 go to 1B" in text
    assert "i = 2pass 3 go to 2C" in text


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
