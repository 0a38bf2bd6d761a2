"""Groups side by side, and how a report is written: page, table, JSON."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from recode_core.report.csv_table import COLUMNS, to_csv
from recode_core.report.page import to_html
from recode_core.report.runs import Excluded, FinishedRun, RunCollection
from recode_core.report.summary import report_of
from recode_tui.cli import main

MakeRun = Callable[..., FinishedRun]
EVIL = '<script>alert("x")</script>\x1b[31m&'


def corpus(*runs: FinishedRun) -> RunCollection:
    return RunCollection(runs, (), (), 0)


def test_agents_and_models_are_groups_of_their_own(run: MakeRun) -> None:
    runs = [run(), run(False), run(agent="react"), run(model="n"), run(environment="webshop", kind="")]
    report = report_of(corpus(*runs))
    found = [(group.environment, group.who, group.success.n) for group in report.groups]
    assert found == [
        ("household", "react · m", 1),
        ("household", "recode · m", 2),
        ("household", "recode · n", 1),
        ("webshop", "recode · m", 1),
    ]
    assert report.groups[1].success.value == 0.5


def test_kinds_of_task_are_told_apart(run: MakeRun) -> None:
    report = report_of(corpus(run(), run(kind="heat"), run(False, kind="heat", depth=5)))
    assert [(group.kind, group.success.value) for group in report.kinds] == [("heat", 0.5), ("put", 1.0)]
    assert report.groups[0].depths == {3: 2, 5: 1}


def test_a_cost_is_unknown_where_one_price_is(run: MakeRun) -> None:
    assert report_of(corpus(run(), run(cost_usd=None))).groups[0].cost_usd is None
    known = report_of(corpus(run(), run(cost_usd=0.004))).groups[0].cost_usd
    assert known is not None and known.value == pytest.approx(0.003)


def test_nothing_at_all_is_a_report_too() -> None:
    report = report_of(corpus())
    assert report.groups == ()
    assert "0 finished runs" in to_html(report)
    assert to_csv(corpus()).splitlines() == [",".join(COLUMNS)]


class _Page(HTMLParser):
    """Elements that are open must be closed; collects the names of all."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.links += [str(value) for name, value in attrs if name in ("src", "href", "style")]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_loads_nothing_runs_nothing_and_escapes_what_came_from_outside(run: MakeRun) -> None:
    runs = [
        run(path=f"runs/{EVIL}.jsonl", model=EVIL, kind=EVIL, environment=EVIL),
        run(False, model=EVIL, environment=EVIL, failure=EVIL, errors={EVIL: 2}),
    ]
    left = (Excluded(Path(f"{EVIL}.jsonl"), EVIL),)
    html = to_html(report_of(RunCollection(tuple(runs), left, left, 1)))
    page = _Page()
    page.feed(html)
    page.close()
    assert page.open == []
    assert page.links == []
    assert not {"script", "link", "img", "iframe"} & set(page.names)
    assert "url(" not in html and "@import" not in html
    assert "\x1b" not in html
    assert "prefers-color-scheme: dark" in html
    assert html.count("recode replay SESSION") == 1


def test_every_plot_is_well_formed_and_inside_its_frame(run: MakeRun) -> None:
    runs = [
        run(n % 3 == 0, model=f"m{n % 8}", calls=n, depth=n % 5, score=-0.5 + n / 20) for n in range(1, 30)
    ]
    html = to_html(report_of(corpus(*runs)))
    plots = re.findall(r'<svg class="plot".*?</svg>', html, re.S)
    assert len(plots) >= 5
    for plot in plots:
        root = ET.fromstring(plot)
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        for circle in root.iter("circle"):
            assert 0 <= float(circle.attrib["cx"]) <= width
            assert 0 <= float(circle.attrib["cy"]) <= height
        for bar in root.iter("rect"):
            assert float(bar.attrib["y"]) >= 0 and float(bar.attrib["height"]) >= 0


def test_csv_has_a_line_a_run_and_an_unknown_cost_is_empty(run: MakeRun) -> None:
    text = to_csv(corpus(run(path='a,"b.jsonl'), run(False, cost_usd=None)))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["session"], row["solved"], row["cost_usd"]) for row in rows] == [
        ('a,"b.jsonl', "1", "0.002"),
        ("a.jsonl", "0", ""),
    ]


def recode(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: object
) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["recode", *map(str, arguments)])
    with pytest.raises(SystemExit) as left:
        main()
    return (int(left.value.code or 0), *capsys.readouterr())


def test_the_command_prints_a_table_and_names_what_it_left_out(
    sessions: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, _ = recode(capsys, monkeypatch, "report", sessions)
    assert code == 0
    assert out.startswith("1 finished run · 1 unfinished · 3 damaged\n")
    assert re.search(r"^success % +100\.0 \[20\.7, 100\.0\]", out, re.M)
    assert f"unfinished: {sessions / 'half.jsonl'}: broken off" in out
    assert f"damaged: {sessions / 'foreign.jsonl'}: is not a session" in out


def test_json_csv_and_page_come_from_one_command(
    sessions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = ("--csv", tmp_path / "r.csv", "--html", tmp_path / "r.html")
    code, out, _ = recode(capsys, monkeypatch, "report", sessions, "--json", *files)
    made = json.loads(out)
    assert (code, made["level"], made["groups"][0]["success"]["n"]) == (0, 0.95, 1)
    assert made["corpus"]["runs"][0]["path"] == str(sessions / "solved.jsonl")
    assert str(sessions / "solved.jsonl") in (tmp_path / "r.html").read_text()
    assert len((tmp_path / "r.csv").read_text().splitlines()) == 2
    code, _, err = recode(capsys, monkeypatch, "report", sessions, *files)
    assert code == 2
    assert "exists and is never overwritten" in err


def test_a_folder_that_is_not_there_is_a_wrong_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, err = recode(capsys, monkeypatch, "report", tmp_path / "no")
    assert code == 2
    assert "does not exist" in err
