"""A session as a script: run on the same task, it comes to the same ends by the same actions."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import msgspec
import pytest

from recode_core import api
from recode_core.debugger.console import Console
from recode_core.debugger.script import ScriptResult, read_script, run_script
from recode_core.debugger.session_script import script_of
from recode_core.errors import RecodeError
from recode_core.events import ExpansionRefused
from recode_core.executor import Limits
from recode_core.log import Log
from recode_core.policies.human import Human
from recode_core.policies.policy import Reply, Request
from recode_core.session import Header, Settings, new_header, read
from recode_core.testing import ScriptedPolicy, reply
from tests.support.session_ends import ends

SCRIPTS = sorted((Path(__file__).parents[1] / "scripts").glob("*.recode"))


def recorded(script: str, folder: Path) -> Log:
    """The session of a script on put:7."""
    with chdir(folder), api.debug("household", "put:7", session=folder / "run.jsonl") as debugger:
        console = Console(debugger)
        result = run_script(console, read_script(script))
        assert not result.exit_code, result.error
        return console.debugger.log


def header(policy: str = "expert") -> Header:
    return new_header("recorded", Settings("household", "put:7", policy))


def repeated(script: str, policy: api.AnyPolicy = "expert") -> tuple[ScriptResult, Log]:
    """Run the script of a session."""
    with api.debug("household", "put:7", policy=policy) as debugger:
        return run_script(Console(debugger), read_script(script)), debugger.log


QUICK = {"candidates-a model", "edit_from_here-a model", "limit-expert", "set_retry-a model", "skip-expert"}
CASES = [
    pytest.param(path, policy, id=name, marks=() if name in QUICK else pytest.mark.slow)
    for path in SCRIPTS
    for policy in ("expert", "a model")
    for name in [f"{path.stem}-{policy}"]
]


@pytest.mark.parametrize(("path", "policy"), CASES)
def test_the_script_of_a_session_comes_to_the_same_ends(path: Path, policy: str, tmp_path: Path) -> None:
    log = recorded(path.read_text(), tmp_path)
    script = script_of(header(policy), log)
    result, again = repeated(script, "expert" if policy == "expert" else Human())
    assert (result.exit_code, result.error) == (0, ""), script
    assert result.asserts >= 2
    assert ends(again) == ends(log), script


def test_a_script_fails_where_an_expansion_or_the_world_is_another_one(tmp_path: Path) -> None:
    log = recorded(
        "until 0.8\nedit 0.8 <<END\nvisit(place)\nrun(f'move {obj_ID} to {place}')\nEND\ncontinue", tmp_path
    )
    script = script_of(header(), log)
    other, _ = repeated(script.replace("to {place}", "to desk 1"))
    assert (other.exit_code, other.failed) == (1, 2)
    assert "episode.outcome == 'solved' does not hold: episode.outcome is 'finished'" in " ".join(
        each.error for each in other.outcomes
    )
    with api.debug("household", "puttwo:3") as debugger:
        elsewhere = run_script(Console(debugger), read_script(script))
    assert elsewhere.exit_code


def test_replies_that_were_refused_and_limits_are_repeated() -> None:
    replies = ["no code", "<think>x", reply("run('look')\n1 / 0"), reply("run('look')\nrun('look')")]
    limits = Limits(calls=3, steps=2)
    with api.debug("household", "put:7", policy=ScriptedPolicy(replies), limits=limits) as debugger:
        console = Console(debugger)
        lines = ["continue", "continue", "limit calls 9", "continue", "continue"]
        result = run_script(console, read_script("\n".join(lines)))
        assert not result.exit_code, result.error
        log = debugger.log
        settings = Settings("household", "put:7", "scripted", limits=limits)
        script = script_of(new_header("recorded", settings), log)
    result, again = repeated(script, Human())
    assert (result.exit_code, result.error) == (0, ""), script
    assert ends(again) == ends(log), script


def test_a_run_that_ended_at_a_limit_of_calls_ends_there_again() -> None:
    with api.debug("household", "put:7", limits=Limits(calls=1)) as debugger:
        run_script(Console(debugger), read_script("continue\ncontinue"))
        log = debugger.log
    script = script_of(header("a model"), log)
    assert "limit calls 0" in script.splitlines()
    result, again = repeated(script, Human())
    assert (result.exit_code, result.error) == (0, ""), script
    assert ends(again) == ends(log)


def test_a_reply_that_was_cut_is_refused_again() -> None:
    class Cut(ScriptedPolicy):
        def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
            return msgspec.structs.replace(super().expand(request, stream), finish="length")

    with api.debug("household", "put:7", policy=Cut([reply("run('look')")])) as debugger:
        run_script(Console(debugger), read_script("step\nstep"))
        script = script_of(header("a model"), debugger.log)
        _, again = repeated(script, Human())
        assert ends(again) == ends(debugger.log)
    refused = [record.event.line for record in again.records if isinstance(record.event, ExpansionRefused)]
    assert refused == [0]


def test_an_imported_run_has_no_script() -> None:
    imported = msgspec.structs.replace(header("imported"), imported="results.json")
    with pytest.raises(RecodeError, match=r"imported from results\.json: it has no actions"):
        script_of(imported, Log())


def test_a_text_in_a_script_is_what_it_was() -> None:
    text = "x = 'END'\nEND = 1\n\n# \x0c and \u2028 end no line\nEND_\n"
    with api.debug("household", "put:7") as debugger:
        debugger.step()
        debugger.reply("0", text)
        script = script_of(header(), debugger.log)
    blocks = [command.block for command in read_script(script)]
    assert text in blocks


def test_the_screen_and_the_command_line_write_the_same_script(tmp_path: Path) -> None:
    with chdir(tmp_path), api.debug("household", "put:7", session=tmp_path / "run.jsonl") as debugger:
        result = run_script(
            Console(debugger), read_script("until 0.8\nskip\nexport run.recode\nexport run.recode")
        )
        assert result.exit_code == 2, "nothing is overwritten"
        assert "exists" in result.error
        written = (tmp_path / "run.recode").read_text()
        session = read(tmp_path / "run.jsonl")
        assert written == script_of(session.header, session.log())
    assert "skip" in written.splitlines()
