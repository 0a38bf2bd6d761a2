"""The commands of docs/reproducing-the-paper.md: a shell and the command line understand every one."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from recode_core import protocol
from recode_core.agents.registry import names as agents
from recode_core.environments.registry import names as environments
from recode_core.policies.openai.profile import BUILTIN_PROFILES
from recode_core.report.paper import ROWS, row_of
from recode_tui.cli.app import command_named

PAGE = Path(__file__).parents[2] / "docs" / "reproducing-the-paper.md"
ECHO = 'recode() { printf "%s\\n" "recode $*"; };\n'


@pytest.fixture
def blocks() -> list[str]:
    """The shell code of the page."""
    if not PAGE.exists():
        pytest.skip("docs/ is not here: this is no checkout")
    return re.findall(r"^```sh\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)


@pytest.fixture
def commands(blocks: list[str]) -> list[list[str]]:
    """Every call of recode, with the loops around it run; nothing else is."""
    script = ECHO
    for block in blocks:
        lines = (line for line in block.splitlines() if re.match(r"\s*(\.venv/bin/recode |for |done$)", line))
        script += "\n".join(lines).replace(".venv/bin/recode ", "recode ") + "\n"
    said = subprocess.run(["bash", "-eu", "-c", script], capture_output=True, text=True, check=True).stdout
    return [shlex.split(line)[1:] for line in said.splitlines()]


def test_a_shell_can_read_every_block(blocks: list[str]) -> None:
    assert len(blocks) >= 7
    for block in blocks:
        assert subprocess.run(["bash", "-n"], input=block, text=True, check=False).returncode == 0


def test_every_command_has_options_and_names_that_there_are(commands: list[list[str]]) -> None:
    assert len(commands) > 30
    for name, *arguments in commands:
        command: Any = command_named(name)
        context = command.context_class(command, info_name=name)
        given, _, _ = command.make_parser(context).parse_args(list(arguments))
        assert given.get("env", "household") in environments()
        assert given.get("agent", "recode") in agents()
        assert given.get("policy", "openai") in BUILTIN_PROFILES
        assert given.get("protocol", "paper") in protocol.NAMES


def test_the_runs_are_all_agents_and_models_in_all_columns(commands: list[list[str]]) -> None:
    runs = [arguments for arguments in commands if "--out" in arguments and "runs/" in arguments[-1]]
    found = set()
    for arguments in runs:
        given = dict(zip(arguments[1::2], arguments[2::2], strict=True))
        row = row_of(given.get("--agent", "recode"), BUILTIN_PROFILES[given["--policy"]].model)
        split = given["--split"].removeprefix("published/")
        column = next(c for c in protocol.SPLITS if (c.environment, c.split) == (given["--env"], split))
        assert row is not None and given["--protocol"] == "paper"
        found.add((row, column))
    assert found == {(row, column) for row in ROWS for column in protocol.SPLITS}
    assert len({arguments[-1] for arguments in runs}) == len(runs) == 25


def test_the_table_of_tasks_is_that_of_the_protocol(blocks: list[str]) -> None:
    text = PAGE.read_text("utf-8")
    for split in protocol.SPLITS:
        file = f"published/{split.split}" if split.fingerprint else split.split
        assert f"| {split.count} | `{split.environment}` | `{file}` |" in text


def test_the_costs_are_the_papers_times_the_tasks(blocks: list[str]) -> None:
    text = PAGE.read_text("utf-8")
    counts = {"alfworld": 0, "scienceworld": 0, "webshop": 0}
    for split in protocol.SPLITS:
        counts[split.environment] += split.count
    assert list(counts.values()) == [274, 405, 200]
    for row in ROWS[:3]:
        assert row.cost is not None
        costs = [f"{row.cost * count / 1000:.2f}" for count in (*counts.values(), sum(counts.values()))]
        assert f"| {row.cost / 1000:.5f} | {' | '.join(costs)} |" in text
