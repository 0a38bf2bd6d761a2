"""Laws 1 to 6 of a debugger, under any list of commands.

A state machine gives commands to a debugger and holds the laws against it after each; at its end it
takes every command back. The slow profile tries more and longer lists.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from recode_core.errors import Diverged, RecodeError
from recode_core.events import ANNOTATIONS, ActionFinished, WorldReset
from recode_core.log import Log, Record
from recode_core.session import Settings, Writer, new_header, read
from recode_core.timeline import Timeline
from tests.debugger.commands import Commands, pick
from tests.debugger.debugger_harness import DebuggerHarness, ExecutorState, timeless
from tests.debugger.doubles import SETUPS
from tests.support.tree_fold import Tree

CUTS = 2
"""About this many prefixes of each branch, and of the file, are rebuilt at the end of an example."""


class Session(Commands):
    """A user's session, held to the laws."""

    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[int, ExecutorState] = {}
        self.lines: dict[str, list[Record]] = {}

    @precondition(lambda self: self.home.restoration == "replay")
    @rule(at=pick, lies=st.integers(0, 3), command=st.sampled_from(["step", "limit", "skip"]))
    def lie(self, at: int, lies: int, command: str) -> None:
        """Law 5: a world that answers differently halts the restore, and all stays as it was."""
        debugger, line = self.debugger, self.debugger.timeline
        answers = [r for r in line.records if isinstance(r.event, WorldReset | ActionFinished)]
        asked = [r.n for r in answers if getattr(r.event, "by", "world") == "world"]
        first = asked[lies] if lies < len(asked) else None
        rests = [
            r.n
            for r in line.stops
            if first is not None and r.n >= first and r.n != debugger.parts.live_run().head
        ]
        if not rests:
            return
        self.command(lambda: debugger.goto(rests[at % len(rests)]))
        if command == "step" and not debugger.is_live:
            command = "limit"
        before = (
            self.digest(),
            debugger.parts.live_run().executor,
            self.harness.now(),
            len(debugger.log),
            debugger.branch,
        )
        calls = {"step": debugger.step, "skip": debugger.skip}
        self.home.lies = lies
        try:
            with pytest.raises(Diverged) as caught:
                calls.get(command, lambda: debugger.limit("steps", 50))()
        except RecodeError:
            return
        finally:
            self.home.lies = None
        assert caught.value.recorded != caught.value.actual
        assert "(a lie)" in caught.value.actual
        assert "(a lie)" not in caught.value.recorded
        now = (
            self.digest(),
            debugger.parts.live_run().executor,
            self.harness.now(),
            len(debugger.log),
            debugger.branch,
        )
        assert now == before

    @invariant()
    def the_head_is_as_it_always_was(self) -> None:
        """Laws 1 and 4: a run after the same records is the same run, however it came there."""
        now = self.harness.now()
        known = self.known.setdefault(self.debugger.parts.live_run().head, now)
        assert now == known, f"{now}\n  before it was\n{known}"

    @invariant()
    def the_fold_tells_where_the_executor_is(self) -> None:
        """Law 6."""
        assert self.harness.watch.differences == []
        line = self.debugger.timeline
        assert line.records == self.debugger.log.line(self.debugger.branch)
        fold, plain = Timeline(line.records), Tree(line.records)
        assert (fold.stops, fold.end.nodes, fold.end.path) == (line.stops, line.end.nodes, line.end.path)
        assert (line.end.path, line.end.nodes.keys()) == (plain.path, plain.nodes.keys())
        for node in plain.nodes.values():
            now = line.end.nodes[node.id]
            assert (now.status, now.text, now.span, now.code) == (
                node.status,
                node.text,
                node.span,
                node.code,
            )
            assert (now.calls, now.actions, now.by) == (node.calls, node.actions, node.by)

    @invariant()
    def every_branch_stays(self) -> None:
        """Law 3: nothing is taken from a branch, and nothing happens on one that the user is not on."""
        log = self.debugger.log
        for branch in log.branches:
            before, line = self.lines.get(branch, []), log.line(branch)
            assert line[: len(before)] == before
            added = line[len(before) :]
            if before and branch != self.debugger.branch:
                assert [record for record in added if not isinstance(record.event, ANNOTATIONS)] == []
                assert Tree(line).nodes == Tree(before).nodes
            self.lines[branch] = line

    def teardown(self) -> None:
        try:
            self.takes_all_back()
            self.repeats_from_anywhere()
            self.reopens_anywhere()
        finally:
            self.harness.close()

    def takes_all_back(self) -> None:
        """Law 4: as many undos as commands, and each state is what it was."""
        verified: set[int] = set()
        while self.undos:
            self.debugger.undo()
            self.is_again(self.undos.pop())
            at = self.debugger.cursor
            if at in self.known and at not in verified:
                verified.add(at)
                again = self.harness.restored(at)
                assert again == self.known[at], f"{again}\n  it was\n{self.known[at]}"
        with pytest.raises(RecodeError, match="nothing to undo"):
            self.debugger.undo()

    def repeats_from_anywhere(self) -> None:
        """Law 1: rebuilt at any stop, the run goes on to the same records without a policy call."""
        for branch in self.debugger.log.branches:
            self.debugger.switch(branch)
            rests = self.debugger.timeline.stops
            for rest in rests[:: max(1, len(rests) // CUTS)]:
                self.harness.repeated(rest.n)

    def reopens_anywhere(self) -> None:
        """Law 2: cut after any record and taken up again, the session is what it was there."""
        records = self.debugger.log.records
        for end in range(1, len(records) + 1, max(1, len(records) // CUTS)):
            kept = self.through_a_file(records[:end])
            branch = Log(kept).branch
            harness = DebuggerHarness.open(self.home, kept)
            try:
                self.is_a_beginning(harness, self.debugger.log.line(branch), len(timeless(Log(kept).line())))
            finally:
                harness.close()

    def through_a_file(self, records: list[Record]) -> list[Record]:
        path = self.folder / "session.jsonl"
        path.unlink(missing_ok=True)
        writer = Writer.create(path, new_header("session", Settings("scripted", "any")))
        for record in records:
            writer.write(record)
        writer.close()
        session = read(path)
        assert not session.damage
        return session.records

    def is_a_beginning(self, harness: DebuggerHarness, whole: list[Record], cut: int) -> None:
        """A session rests at the first stop of `whole` that is not before its event number `cut`."""
        happened, again = timeless(whole), timeless(harness.debugger.timeline.records)
        stops = [len(timeless(r for r in whole if r.n <= rest.n)) for rest in Timeline(whole).stops]
        assert again == happened[: min(stop for stop in stops if stop >= cut)]
        assert harness.debugger.is_live
        assert harness.watch.differences == []


# Slow because every step of an example runs real statements, and the laws replay them.
@pytest.mark.parametrize("name", SETUPS)
@pytest.mark.parametrize(("examples", "steps"), [(6, 20), pytest.param(40, 40, marks=pytest.mark.slow)])
def test_the_laws_hold_whatever_the_user_does(name: str, examples: int, steps: int, tmp_path: Path) -> None:
    profile = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=steps == 20,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )

    class SessionThere(Session):
        folder = tmp_path
        enter = staticmethod(SETUPS[name])

    run_machine(SessionThere, settings=profile)
