"""Sessions of CodeAct with functions, in files: resumed, checked, and those of older editions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recode_core import episode
from recode_core.events import ActionReached, ExpansionRefused
from recode_core.executor import Limits
from recode_core.executor.run_state import AtAction, AtEnd
from recode_core.policies.reply import ParsedReply
from recode_core.policies.scripted import Scripted
from recode_core.session import Settings, read
from recode_core.statements import EDITION

SETTINGS = Settings("household", "put:7", policy="scripted", agent="codeact", limits=Limits(rewrites=1))
WALK = """
visited = []
def walk(places):
    for place in places:
        seen = run(f'go to {place}')
        visited.append(place)
    return seen
"""
BLOCKS = (WALK, "x = walk(['desk 1', 'shelf 1'])", "y = walk(['bed 1'])\nprint(y)", "task_finished = True")


def _policy(*blocks: str) -> Scripted:
    return Scripted(str(ParsedReply("a reason", block)) for block in blocks)


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "walk.jsonl"


def test_a_session_with_functions_is_checked_without_a_divergence(path: Path) -> None:
    with episode.start(SETTINGS, path, _policy(*BLOCKS)) as played:
        played.run()
    verdict = episode.check(path)
    assert (verdict.steps, verdict.replayed, verdict.diverged) == (3, 3, 0)
    assert not read(path).damage


def test_a_session_that_rests_inside_a_function_is_resumed_there(path: Path) -> None:
    with episode.start(SETTINGS, path, _policy(*BLOCKS)) as played:
        acted = 0
        while acted < 2:
            acted += isinstance(played.executor.advance(), AtAction)
    with episode.resume(path, _policy(*BLOCKS[2:])) as resumed:
        stop = resumed.executor.state
        assert isinstance(stop, AtAction)
        assert (stop.action, stop.origin is not None) == ("go to shelf 1", True)
        resumed.run()
        assert isinstance(resumed.executor.state, AtEnd)
    actions = [r.event.action for r in read(path).records if isinstance(r.event, ActionReached)]
    assert actions == ["go to desk 1", "go to shelf 1", "go to bed 1"]
    assert episode.check(path).diverged == 0


def test_a_session_of_the_second_edition_refuses_functions_when_it_goes_on(path: Path) -> None:
    with episode.start(SETTINGS, path, _policy("run('look')", "task_finished = True")) as played:
        played.run()
    text = path.read_text()
    kept = text.split("\n")
    cut = next(n for n, line in enumerate(kept) if '"0#2.0"' in line and "expansion_replied" in line)
    path.write_text("\n".join(kept[:cut]).replace(f'"edition":{EDITION}', '"edition":2') + "\n")
    assert read(path).header.edition == 2
    with episode.resume(path, _policy(WALK, "task_finished = True")) as resumed:
        resumed.run()
    (refused,) = [r.event for r in read(path).records if isinstance(r.event, ExpansionRefused)]
    assert refused.rule.startswith("`def` is not allowed")
    assert episode.check(path).diverged == 0
