"""Training data: which runs it is taken from, how it is laid out, and what its manifest counts."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from recode_core.batch import manifest as manifests
from recode_core.batch.manifest import Job
from recode_core.environments.scripted import ScriptedWorld
from recode_core.episode import start
from recode_core.errors import RecodeError, SessionError
from recode_core.export import sft
from recode_core.export.dataset_manifest import tokens_of
from recode_core.log import Log
from recode_core.session import Settings
from recode_core.values import Message, Observation

if TYPE_CHECKING:
    from tests.export.conftest import Save


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def run(make_run: Any) -> Any:
    """A log of a run that ends with a score, by code that is its own."""

    def scored(score: float, number: int = 0, actions: int = 1) -> Log:
        answers = {"look": Observation("a room"), "end": Observation("over", score, True, score == 1)}
        looks = "run('look')\n" * (actions - 1)
        played = make_run(f"x = {number}\n{looks}run('end')", ScriptedWorld(answers))
        played.to_end()
        log: Log = played.log
        return log

    return scored


def test_the_best_runs_are_taken_of_equal_ones_those_whose_files_come_first(
    tmp_path: Path, run: Any, save: Save
) -> None:
    for number, (score, actions) in enumerate([(1, 3), (0, 1), (1, 1), (0.5, 1), (1, 2)]):
        save(run(score, number, actions), f"run-{number}")
    manifest = sft.write([tmp_path / "sessions"], tmp_path / "out.jsonl", top=40)
    taken = {Path(source.file).stem for source in manifest.sessions if not source.left_out}
    assert taken == {"run-0", "run-2"}
    assert manifest.sessions_left_out == {"not among the best": 3}


def test_the_best_are_counted_for_each_agent_alone(tmp_path: Path, run: Any, save: Save) -> None:
    for agent, score in (("recode", 1), ("recode", 0), ("react", 0.2), ("react", 0.1)):
        save(run(score, int(score * 10)), f"{agent}-{score}", agent=agent)
    manifest = sft.write([tmp_path / "sessions"], tmp_path / "out.jsonl", top=50)
    assert [(row.agent, row.trajectories, row.reward_mean) for row in manifest.table] == [
        ("react", 1, 20.0),
        ("recode", 1, 100.0),
    ]


def test_a_threshold_leaves_out_what_is_below_it(tmp_path: Path, run: Any, save: Save) -> None:
    for number, score in enumerate([1, 0.5, 0.4]):
        save(run(score, number), f"run-{number}")
    manifest = sft.write([tmp_path / "sessions"], tmp_path / "out.jsonl", least=0.5)
    assert (manifest.pairs, manifest.sessions_left_out) == (2, {"below the threshold": 1})
    (row,) = manifest.table
    assert (row.reward_mean, row.reward_std, row.solved) == (75.0, 35.36, 1)


def test_an_unfinished_run_and_a_damaged_file_are_left_out_and_told(
    tmp_path: Path, run: Any, save: Save, make_run: Any
) -> None:
    save(run(1))
    begun = make_run("x = 1")
    begun.executor.advance()
    save(begun.log, "begun")
    (tmp_path / "sessions" / "wrong.jsonl").write_text("{}\n")
    manifest = sft.write([tmp_path / "sessions"], tmp_path / "out.jsonl")
    assert manifest.sessions_left_out == {"damaged": 1, "unfinished": 1}
    assert manifest.pairs == 1


def test_equal_pairs_are_written_once(tmp_path: Path, run: Any, save: Save) -> None:
    files = [save(run(1), "one"), save(run(1), "two")]
    manifest = sft.write([*files, files[0]], tmp_path / "out.jsonl")
    assert (manifest.pairs, manifest.expansions_left_out) == (1, {"duplicate": 1})
    assert len(_lines(tmp_path / "out.jsonl")) == 1


def test_a_line_is_a_conversation_that_ends_in_the_reply(tmp_path: Path, run: Any, save: Save) -> None:
    file = save(run(1))
    sft.write([file], tmp_path / "openai.jsonl")
    sft.write([file], tmp_path / "trl.jsonl", layout="trl")
    (openai,), (trl,) = _lines(tmp_path / "openai.jsonl"), _lines(tmp_path / "trl.jsonl")
    assert list(openai) == ["messages"]
    assert [list(message) for message in openai["messages"]] == [["role", "content"]] * 3
    assert [message["role"] for message in openai["messages"]] == ["system", "user", "assistant"]
    assert openai["messages"] == trl["prompt"] + trl["completion"]
    assert trl["completion"][0]["content"].startswith("<think>")


def test_earlier_replies_of_a_conversation_are_not_learnt_again(
    tmp_path: Path, make_run: Any, save: Save
) -> None:
    from recode_core.executor.run_state import AtModel

    played = make_run("x = 1")
    played.until(AtModel)
    said = (Message("user", "a"), Message("assistant", "b"), Message("user", "c"))
    played.executor.changes.edit_prompt(said)
    played.to_end()
    sft.write([save(played.log, agent="react")], tmp_path / "out.jsonl")
    (line,) = _lines(tmp_path / "out.jsonl")
    assert [message.get("weight") for message in line["messages"]] == [None, 0, None, None]


def test_the_manifest_counts_what_the_file_holds(tmp_path: Path, run: Any, save: Save) -> None:
    sft.write([save(run(1, 7))], tmp_path / "out.jsonl")
    manifest = json.loads((tmp_path / "out.manifest.json").read_text())
    (line,) = _lines(tmp_path / "out.jsonl")
    *prompt, target = (tokens_of(message["content"]) for message in line["messages"])
    (row,) = manifest["table"]
    assert (row["pairs"], row["prompt_tokens"], row["target_tokens"]) == (1, sum(prompt), target)
    assert [kind["kind"] for kind in manifest["by_kind"]] == ["put"]
    assert (manifest["reasons"], manifest["authors"]) == ({"first": 1}, {"policy": 1})
    assert "4 characters" in manifest["tokens_counted_by"]


def test_the_kind_of_a_task_is_what_its_batch_says(tmp_path: Path, run: Any, save: Save) -> None:
    file = save(run(1), task="12")
    job = Job("12", "boil", file.name)
    manifests.save(
        manifests.Manifest(
            created="", recode="", settings=Settings("household", ""), split=None, jobs=(job,)
        ),
        file.parent,
    )
    assert [row.kind for row in sft.write([file], tmp_path / "out.jsonl").by_kind] == ["boil"]


@pytest.mark.parametrize("agent", ["react", "codeact"])
def test_a_turn_of_another_agent_is_a_pair_with_the_turns_before_it(tmp_path: Path, agent: str) -> None:
    with start(Settings("household", "put:7", agent=agent), tmp_path / "run.jsonl") as episode:
        episode.run()
    manifest = sft.write([tmp_path / "run.jsonl"], tmp_path / "out.jsonl")
    lines = _lines(tmp_path / "out.jsonl")
    assert manifest.pairs == len(lines) > 1
    said = [[message["content"] for message in line["messages"]] for line in lines]
    assert all(later[: len(earlier)] == earlier for earlier, later in itertools.pairwise(said))
    assert all("# Examples" not in line[0] and line[-1].startswith("<think>") for line in said)


def test_nothing_is_written_where_nothing_is_left_or_a_file_is_there(
    tmp_path: Path, run: Any, save: Save
) -> None:
    out, file = tmp_path / "out.jsonl", save(run(0))
    with pytest.raises(RecodeError, match=r"no pairs to write.*1 session below the threshold"):
        sft.write([file], out, least=1)
    assert [path.name for path in tmp_path.iterdir()] == ["sessions"]
    sft.manifest_path(out).write_text("mine")
    with pytest.raises(RecodeError, match=r"out\.manifest\.json exists"):
        sft.write([file], out)
    assert not out.exists()


def test_a_folder_without_sessions_and_a_foreign_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="holds no session"):
        sft.write([tmp_path], tmp_path / "out.jsonl")
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(SessionError, match="is not a session"):
        sft.write([tmp_path / "notes.txt"], tmp_path / "out.jsonl")
