"""Our runs beside the paper's tables, and which of them may be compared."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from recode_core import protocol
from recode_core.batch import Batch, BatchOptions, plan_batch
from recode_core.debugger.debug_session import start
from recode_core.report.csv_table import to_csv
from recode_core.report.page import to_html
from recode_core.report.paper import ROWS, Comparison, compare, row_of
from recode_core.report.paper_table import notes, table
from recode_core.report.runs import Excluded, FinishedRun, RunCollection, gather
from recode_core.report.summary import report_of
from recode_core.session import Settings
from recode_tui.cli import main

MakeRun = Callable[..., FinishedRun]

SHARED = Path(__file__).parents[3] / "shared" / "data"


def corpus(*runs: FinishedRun, unfinished: tuple[Excluded, ...] = ()) -> RunCollection:
    return RunCollection(runs, unfinished, (), 0)


@pytest.fixture
def seen(run: MakeRun) -> Callable[..., list[FinishedRun]]:
    """Makes runs of `count` tasks of ALFWorld's seen split, half of them solved."""

    def make(count: int, **more: object) -> list[FinishedRun]:
        task = {"environment": "alfworld", "seen": "seen", "split": "valid_seen", "model": "gpt-4o-mini"}
        return [run(n % 2 == 0, **(task | {"task": f"valid_seen/{n}"} | more)) for n in range(count)]

    return make


def test_the_means_are_those_of_the_columns() -> None:
    for row in ROWS:
        assert row.mean == pytest.approx(sum(row.rewards) / len(row.rewards), abs=0.051)


@pytest.mark.parametrize(
    ("model", "paper"),
    [
        ("gpt-4o-mini", "GPT-4o mini"),
        ("openai/gpt-4o-mini-2024-07-18", "GPT-4o mini"),
        ("google/gemini-2.5-flash", "Gemini 2.5 Flash"),
        ("deepseek/deepseek-chat-v3.1:free", "DeepSeek-V3.1"),
        ("gemini-2.5-flash-lite", None),
        ("gpt-4o", None),
        ("", None),
    ],
)
def test_a_model_is_known_by_what_endpoints_call_it(model: str, paper: str | None) -> None:
    row = row_of("recode", model)
    assert (row.model if row else None) == paper
    assert row_of("react", "gemini-2.5-flash") is None


def test_the_whole_split_with_the_papers_model_and_settings_is_comparable(
    seen: Callable[..., list[FinishedRun]],
) -> None:
    (cell,) = compare(corpus(*seen(140))).cells
    assert (cell.column, cell.paper, cell.tasks, cell.why_not) == ("ALFWorld seen", 83.57, 140, ())
    assert notes(compare(corpus(*seen(140)))) == [
        "recode · gpt-4o-mini, ALFWorld seen: comparable, -33.6 points to the paper"
    ]


def test_every_reason_against_a_comparison_is_said(seen: Callable[..., list[FinishedRun]]) -> None:
    runs = seen(4, model="m", departures=("depth 5, not 10",))
    runs += seen(1, model="m", task="valid_seen/9")
    left = (Excluded(Path("a"), "broken off", "alfworld", "recode", "m"),)
    (cell,) = compare(corpus(*runs, unfinished=left)).cells
    assert cell.why_not == (
        "the paper has no figure for recode with m",
        "5 of 140 tasks",
        "depth 5, not 10 (4 of 5 runs)",
        "1 unfinished in alfworld, which are in no number",
    )


def test_scenes_in_the_household_engine_stand_in_the_column_and_are_not_comparable(
    seen: Callable[..., list[FinishedRun]],
) -> None:
    found = compare(corpus(*seen(140), *seen(140, environment="household"))).cells
    assert [(cell.environment, cell.why_not) for cell in found] == [
        ("alfworld", ()),
        ("household", ("ALFWorld's scenes in recode's household engine, not in ALFWorld's",)),
    ]


def test_tasks_of_no_column_are_counted(run: MakeRun) -> None:
    runs = [run(), run(environment="webshop", in_paper=False), run(environment="of somebody")]
    assert compare(corpus(*runs)) == Comparison(compare(corpus()).columns, ROWS, (), 3)
    assert notes(compare(corpus(*runs))) == ["3 runs are in no column: their tasks are not in the paper"]


def test_a_published_list_is_known_by_its_tasks(run: MakeRun) -> None:
    lists = SHARED / "protocol"
    if not lists.is_dir():
        pytest.skip("no ../shared/data/protocol: the published lists are not at hand")
    numbers = json.loads((lists / "webshop-test_indices.json").read_text())
    common = {"environment": "webshop", "model": "gpt-4o-mini", "kind": ""}
    runs = [run(task=f"human:{number}", score=0.4, **common) for number in numbers]
    (cell,) = compare(corpus(*runs)).cells
    assert (cell.column, cell.tasks, cell.why_not) == ("WebShop", 200, ())
    webshop = protocol.SPLITS[-1]
    sample = [run(task="human:314", chosen_from=webshop.fingerprint, **common)]
    assert compare(corpus(*sample)).cells[0].why_not == ("a sample of 1 of the paper's 200 tasks",)
    other = compare(corpus(run(task="human:7", **common))).cells[0].why_not
    assert other == ("1 tasks that may not be among the paper's list of 200",)


def test_a_reward_of_all_or_nothing_has_the_interval_of_a_rate(
    seen: Callable[..., list[FinishedRun]],
) -> None:
    (cell,) = compare(corpus(*[each for each in seen(12) if each.result.solved])).cells
    assert (cell.reward.value, cell.reward.n) == (1.0, 6)
    assert cell.reward.low == pytest.approx(0.61, abs=0.005)


def test_the_table_has_a_row_for_each_agent_and_model_and_a_mean_of_all_columns(
    seen: Callable[..., list[FinishedRun]], run: MakeRun
) -> None:
    head, *rows = table(compare(corpus(*seen(2))))
    assert head[1:] == [*compare(corpus()).columns, "mean", "cost 10⁻³ $", "list 10⁻³ $"]
    assert rows[2] == [
        "paper: ReCode · GPT-4o mini", "83.57", "96.27", "42.78", "41.18", "39.97", "60.8", "1.89", "",
    ]  # fmt: skip
    assert rows[-1][0] == "ours: recode · gpt-4o-mini"
    assert rows[-1][1].endswith("n 2 *") and rows[-1][2:] == ["", "", "", "", "", "2.00", "unknown"]
    places = [(split.environment, split.seen) for split in protocol.SPLITS]
    everywhere = [run(environment=name, seen=seen, score=0.5, list_usd=0.004) for name, seen in places]
    *_, ours = table(compare(corpus(*everywhere)))
    assert ours[-3:] == ["50.0", "2.00", "4.00"]
    *_, unknown = table(compare(corpus(run(environment="webshop", cost_usd=None))))
    assert unknown[-2:] == ["unknown", "unknown"]


def test_seen_and_unseen_are_groups_columns_and_a_field(run: MakeRun) -> None:
    runs = corpus(run(seen="seen", split="dev"), run(False, seen="unseen", split="test"), run())
    made = report_of(runs)
    assert [(group.seen, group.kind, group.success.value) for group in made.seen] == [
        ("seen", "", 1.0),
        ("unseen", "", 0.0),
    ]
    assert [line.split(",")[-3:-1] for line in to_csv(runs).splitlines()] == [
        ["split", "seen"],
        ["dev", "seen"],
        ["test", "unseen"],
        ["", ""],
    ]
    assert "<td>unseen</td>" in to_html(made)


def test_columns_of_seen_and_unseen_are_not_cut_by_other_agents(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    scenes = sorted((SHARED / "alfworld").glob("json_2.1.1/*/pick_and_place_simple*/*"))
    if not scenes:
        pytest.skip("no ../shared/data/alfworld: the real scenes are not at hand")
    for agent in ("recode", "react", "codeact"):
        settings = Settings("household", "", agent=agent)
        with Batch(
            tmp_path / agent, plan_batch(settings, tasks=[f"scene:{scene}" for scene in scenes])
        ) as batch:
            batch.run(BatchOptions(2))
    monkeypatch.setattr(sys, "argv", ["recode", "report", *(str(path) for path in tmp_path.iterdir())])
    with pytest.raises(SystemExit):
        main()
    heads = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("household ")]
    one = ["·", "expert", "seen", "unseen"]
    assert heads == [["household", "codeact", *one, "react", *one], ["household", "recode", *one]]


def test_the_page_has_the_papers_table_where_it_is_asked_for(seen: Callable[..., list[FinishedRun]]) -> None:
    runs = corpus(*seen(140))
    assert "Beside the paper" not in to_html(report_of(runs))
    page = to_html(report_of(runs), compare(runs))
    assert "paper: ReCode · GPT-4o mini" in page and "comparable, -33.6 points" in page


def test_a_session_says_how_it_departs_from_the_paper(tmp_path: Path) -> None:
    settings = protocol.applied(Settings("household", "put:7"), "paper")
    with start(settings, tmp_path / "a.jsonl") as opened:
        opened.debugger.limit("steps", 70)
        opened.debugger.resume()
        opened.debugger.edit("0.8", "run(f'go to {place}')\nrun(f'move {obj_ID} to {place}')")
        opened.debugger.resume()
    with start(Settings("household", "put:7"), tmp_path / "b.jsonl") as opened:
        opened.debugger.resume()
    first, second = gather([tmp_path]).runs
    assert first.departures == ("limits changed on the way", "changed by hand, on branch edit-1")
    assert second.departures == ("without --protocol paper",)
    assert (first.kind, first.split, first.seen) == ("put", "train", "")


def test_a_batch_of_real_scenes_is_reported_by_kind_and_split(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    scenes = sorted((SHARED / "alfworld").glob("json_2.1.1/*/*/*"))
    if not scenes:
        pytest.skip("no ../shared/data/alfworld: the real scenes are not at hand")
    listed = tmp_path / "scenes.json"
    listed.write_text(json.dumps([f"scene:{scene}" for scene in scenes[:3]]))
    settings = protocol.applied(Settings("household", ""), "paper")
    with Batch(tmp_path / "batch", plan_batch(settings, str(listed))) as batch:
        assert batch.run(BatchOptions(2)).solved == 3
    (tmp_path / "batch" / "batch.json").unlink()  # a session tells its kind without it
    kinds = {run.kind for run in gather([tmp_path / "batch"]).runs}
    assert kinds <= {"put", "clean", "heat", "cool", "examine", "puttwo"}
    monkeypatch.setattr(sys, "argv", ["recode", "report", "--paper", str(tmp_path / "batch")])
    with pytest.raises(SystemExit) as left:
        main()
    assert not left.value.code
    out = capsys.readouterr().out
    assert "ours: recode · expert · household" in out
    assert "paper has no figure for recode with expert" in out
    monkeypatch.setattr(sys, "argv", [*sys.argv, "--json"])
    with pytest.raises(SystemExit):
        main()
    made = json.loads(capsys.readouterr().out)
    assert made["paper"]["cells"][0]["column"] == "ALFWorld seen"
    assert {"groups", "kinds", "corpus", "seen"} <= set(made)
