"""The sample sessions: made by the real command, listed in an index, and still what the engine does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from recode_core import api
from recode_core.debugger import debug_session
from recode_core.debugger.console import Console
from recode_core.debugger.script import read_script, run_script
from recode_core.debugger.session_script import script_of
from recode_core.environments.registry import missing
from recode_core.episode import check_all
from recode_core.errors import NotWritable
from recode_core.policies.human import Human
from recode_core.result import result_of
from recode_core.session import read
from recode_tui.cli.output import result_line
from tests import samples
from tests.support.session_ends import ends

DATA = Path(__file__).parents[2] / "shared" / "data"
SAMPLES = sorted(samples.SESSIONS.glob("*.jsonl"))
IMPORTED = "imported-results"
DIVERGED = {"webshop-diverged": "accept-1"}
"""The branches of samples that a new world, by design, does not repeat."""
PLAYED = [path for path in SAMPLES if path.stem != IMPORTED]

_ROW = re.compile(r"\| `([\w-]+)` \|" + r" (.+?) \|" * 5)
_OF_A_MACHINE = re.compile(rb"/(?:home|root|tmp|Users|work)/|\bsk-\w|(?i:api[_-]?key)")


def index() -> dict[str, tuple[str, ...]]:
    """The rows of the index by name: what it shows, how it was made, result, size, what to try."""
    text = (samples.SESSIONS / "README.md").read_text("utf-8")
    return {found[1]: found.groups()[1:] for found in _ROW.finditer(text)}


def test_the_index_and_the_folder_agree() -> None:
    assert sorted(index()) == [path.stem for path in SAMPLES]
    assert len(SAMPLES) >= 10
    assert set(samples.MADE) <= index().keys()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_has_the_result_and_the_size_that_the_index_states(path: Path) -> None:
    _, _, result, size, _ = index()[path.stem]
    assert str(result_line(result_of(read(path).timeline()))).startswith(result)
    assert int(size) == round(path.stat().st_size / 1000) < (700 if path.stem == "large" else 150)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_holds_nothing_of_the_machine_it_was_made_on(path: Path) -> None:
    assert _OF_A_MACHINE.findall(path.read_bytes()) == []


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_opened_read_only_and_moved_through(path: Path) -> None:
    with debug_session.open_readonly(path) as opened:
        debugger = opened.debugger
        for branch in debugger.log.branches:
            last = debugger.switch(branch)
            while debugger.stop.kind != "start":
                debugger.back_continue()
            assert debugger.goto(last.n) == last
        assert not opened.notice


@pytest.mark.slow_variants
@pytest.mark.parametrize("path", PLAYED, ids=lambda path: path.stem)
def test_a_sample_is_replayed_on_every_branch_without_a_divergence(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _give_data(monkeypatch)
    environment = read(path).header.settings.environment
    if lack := missing(environment):
        pytest.skip(lack)
    _holds(path, ask_world=True)


@pytest.mark.parametrize("path", PLAYED, ids=lambda path: path.stem)
def test_a_sample_is_replayed_where_its_environment_is_not(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("WEBSHOP_DATA", "ALFWORLD_DATA"):
        monkeypatch.setenv(variable, "/nowhere")
    _holds(path, ask_world=False)


def test_an_imported_sample_says_why_it_is_not_replayed() -> None:
    with pytest.raises(NotWritable, match="imported and cannot be continued"):
        check_all(samples.SESSIONS / f"{IMPORTED}.jsonl")


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    "path", [path for path in PLAYED if path.stem != "large"], ids=lambda path: path.stem
)
def test_the_script_of_a_sample_comes_to_the_same_ends(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _give_data(monkeypatch)
    session = read(path)
    settings = session.header.settings
    if lack := missing(settings.environment):
        pytest.skip(lack)
    script = script_of(session.header, session.log())
    policy: api.AnyPolicy = "expert" if settings.policy == "expert" else Human()
    with api.debug(settings.environment, settings.task, policy=policy, agent=settings.agent) as debugger:
        result = run_script(Console(debugger), read_script(script))
        assert (result.exit_code, result.error) == (0, "")
        repeated = ends(session.log())
        assert ends(debugger.log) == (repeated[:1] if path.stem in DIVERGED else repeated)


def _give_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBSHOP_DATA", str(DATA / "webshop"))
    monkeypatch.setenv("ALFWORLD_DATA", str(DATA / "alfworld"))


def _holds(path: Path, ask_world: bool) -> None:
    verdicts = check_all(path, ask_world=ask_world)
    assert all(verdict.is_world_asked == ask_world for verdict in verdicts.values())
    assert not any(verdict.reworded for verdict in verdicts.values())
    diverged = [branch for branch, verdict in verdicts.items() if verdict.divergence]
    assert diverged == ([DIVERGED[path.stem]] if ask_world and path.stem in DIVERGED else [])
    whole = [verdict for branch, verdict in verdicts.items() if branch not in diverged]
    assert all(verdict.steps == verdict.replayed for verdict in whole)
    assert all(verdict.steps > 0 for verdict in whole) or path.stem == "large"
