"""What came of each branch, in one pass."""

from __future__ import annotations

from pathlib import Path

from recode_core.debugger import debug_session
from recode_core.debugger.console import Console
from recode_core.debugger.script import read_script, run_script
from recode_core.events import ActionFinished, ExpansionReplied
from recode_core.log import Log
from recode_core.session import Settings, read
from recode_core.timeline import Timeline
from recode_core.timeline.branches import BranchIndex

FORKED = """
continue
goto 0.8
skip
goto 0.7
skip
goto 0
skip
switch main
goto 0.8
skip
"""


def test_each_branch_has_what_a_fold_over_its_line_gives(tmp_path: Path) -> None:
    path = tmp_path / "forked.jsonl"
    with debug_session.start(Settings("household", "put:7"), path) as opened:
        report = run_script(Console(opened.debugger), read_script(FORKED))
        assert [outcome.error for outcome in report.outcomes if outcome.error] == []
    log = Log(read(path).records)
    found = BranchIndex(log.records).branches()
    assert [branch.name for branch in found] == list(log.branches)
    assert len(found) == 5
    for branch in found:
        line = log.line(branch.name)
        tree = Timeline(line).end
        assert branch.started == log.branches[branch.name]
        assert (branch.outcome, branch.score) == (tree.outcome, tree.score)
        assert branch.steps == sum(isinstance(record.event, ActionFinished) for record in line)
        replies = [record.event for record in line if isinstance(record.event, ExpansionReplied)]
        assert branch.calls == sum(event.by == "policy" for event in replies)
        assert tree.root is not None and branch.calls == tree.root.calls
    assert {branch.outcome for branch in found} >= {"solved", None}
