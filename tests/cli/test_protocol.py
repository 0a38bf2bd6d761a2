"""`--protocol paper` and `--split FILE` on the command line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from recode_core.batch.manifest import load
from recode_core.session import AppliedProtocol, read

Recode = Callable[..., "subprocess.CompletedProcess[str]"]
TASK = ("--env", "household", "--task", "put:7")
SETS = "recode: protocol paper: steps 80, depth 10, attempts at an expansion 5, seconds 900\n"


def test_run_says_what_the_protocol_sets_and_records_it(recode: Recode, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    done = recode("run", *TASK, "--protocol", "paper", "--session", path)
    assert (done.returncode, done.stderr) == (0, SETS)
    settings = read(path).header.settings
    assert settings.protocol == AppliedProtocol("paper", 80)
    assert (settings.limits.rewrites, settings.limits.seconds) == (4, 900.0)


def test_an_option_beside_it_wins_even_with_the_value_it_has_anyway(recode: Recode, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    options = ("--max-depth", 10, "--rewrites", 5, "--max-seconds", 60, "--agent", "react")
    done = recode("run", *TASK, "--protocol", "paper", *options, "--session", path)
    assert done.stderr.endswith("; kept as given: depth 10, rewrites 5, seconds 60\n")
    settings = read(path).header.settings
    assert settings.protocol == AppliedProtocol("paper", 50, ("depth", "rewrites", "seconds"))
    assert (settings.limits.rewrites, settings.limits.repairs, settings.limits.seconds) == (5, 4, 60.0)


def test_the_debugger_takes_it_too(recode: Recode, tmp_path: Path) -> None:
    script, path = tmp_path / "script", tmp_path / "run.jsonl"
    script.write_text("continue\nassert episode.solved\n")
    done = recode("debug", "--batch", script, *TASK, "--protocol", "paper", "--session", path)
    assert (done.returncode, done.stderr) == (0, SETS)
    assert read(path).header.settings.protocol == AppliedProtocol("paper", 80)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ("run", *TASK, "--protocol", "papre"),
            "unknown protocol 'papre'; did you mean 'paper'? (available: paper)",
        ),
        (("run", "--resume", "household-puttwo", "--protocol", "paper"), "leave out --protocol"),
        (("tasks", "--env", "household", "--split", "none.json"), "none.json cannot be read: No such file"),
        (("tasks", "--env", "household", "--split", "none"), "household has no split 'none'"),
        (
            ("batch", "--env", "household", "--split", "none.json", "--out", "x"),
            "the split none.json cannot be read",
        ),
    ],
)
def test_a_wrong_protocol_or_split_is_a_wrong_command(
    recode: Recode, arguments: tuple[str, ...], says: str
) -> None:
    done = recode(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


def test_a_batch_of_a_file_goes_on_by_the_same_command(recode: Recode, tmp_path: Path) -> None:
    listed, out = tmp_path / "list.json", tmp_path / "batch"
    listed.write_text('["put:7", "heat:3"]')
    command = ("batch", "--env", "household", "--split", listed, "--protocol", "paper", "--out", out)
    first = recode(*command)
    assert first.returncode == 0 and SETS in first.stderr
    manifest = load(out)
    assert manifest is not None and [job.task for job in manifest.jobs] == ["put:7", "heat:3"]
    assert recode(*command).returncode == 0
    other = recode(*command, "--max-depth", 4)
    assert other.returncode == 2 and "contains another batch, with limits" in other.stderr


def test_tasks_of_a_file_are_listed_with_whose_split_they_are(recode: Recode, tmp_path: Path) -> None:
    listed = tmp_path / "list.json"
    listed.write_text('[["task-1-boil", 21], "boil:14"]')
    done = recode("tasks", "--env", "scienceworld", "--split", listed, "--json")
    assert [(row["id"], row["benchmark"]) for row in json.loads(done.stdout)] == [
        ("boil:21", "ScienceWorld test"),
        ("boil:14", "ScienceWorld dev"),
    ]
    own = json.loads(recode("tasks", "--env", "household", "--split", "test", "--json").stdout)
    assert own[0]["benchmark"] == "recode household test"


def test_what_the_paper_leaves_out_is_said(recode: Recode, tmp_path: Path) -> None:
    out = tmp_path / "batch"
    arguments = ("--split", "dev", "-n", 1, "--budget-calls", 0, "--protocol", "paper", "--out", out)
    done = recode("batch", "--env", "scienceworld", *arguments)
    assert "recode: 653 tasks of the split are left out, as in the paper\n" in done.stderr
    assert "steps 10 to 120 by task" in done.stderr
    named = (
        "--tasks",
        "boil:1,2-3:0",
        "--budget-calls",
        0,
        "--protocol",
        "paper",
        "--out",
        tmp_path / "named",
    )
    done = recode("batch", "--env", "scienceworld", *named)
    assert (
        "1 of the tasks are not the paper's, which leaves them out: measure-melting-point-unk" in done.stderr
    )
