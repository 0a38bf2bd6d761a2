"""The scripts of `tests/scripts`, one for each row of the command table, with what they say.

`#= text` after a command is a line that it says, where `*` stands for anything.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from recode_core.debugger import debug_session
from recode_core.debugger.commands import COMMANDS
from recode_core.debugger.console import Console
from recode_core.debugger.script import read_script, run_script
from recode_core.session import Settings

SCRIPTS = sorted((Path(__file__).parents[1] / "scripts").glob("*.recode"))


def expected(script: str) -> dict[int, list[str]]:
    """The lines that commands are to say, by the command's line, as patterns."""
    commands = [step.line for step in read_script(script)]
    found: dict[int, list[str]] = {}
    for number, line in enumerate(script.splitlines(), 1):
        if line.startswith("#= "):
            found.setdefault(max(n for n in commands if n < number), []).append(line[3:])
    return found


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_holds_and_says_what_it_says(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    script = path.read_text()
    with debug_session.start(Settings("household", "put:7"), tmp_path / "run.jsonl") as opened:
        console = Console(opened.debugger)
        report = run_script(console, read_script(script))
    assert [outcome.error for outcome in report.outcomes if outcome.error] == []
    assert report.asserts > 0
    said = {outcome.line: outcome.output for outcome in report.outcomes}
    for line, patterns in expected(script).items():
        for pattern in patterns:
            literal = pattern.replace("[", "[[]")
            assert any(fnmatchcase(text, literal) for text in said[line]), (line, pattern, said[line])


def test_every_command_is_in_a_script() -> None:
    used = {step.text.split()[0] for path in SCRIPTS for step in read_script(path.read_text())}
    assert used == set(COMMANDS) - {"accept"}  # test_accept.py: it takes a world that differs
