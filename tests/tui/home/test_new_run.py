"""The dialog for a new run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from textual.widgets import Input, Select

from recode_core.environments.environment import Task
from recode_core.environments.household import Household
from recode_core.errors import EnvironmentUnavailable
from recode_core.executor.limits import Limits
from recode_core.interpreter.sessions import SandboxLimits
from recode_core.session import Settings
from recode_tui.home import choices, new_run, task_chooser, tasks
from recode_tui.home.tasks import TaskList
from tests.tui.home.desk import Desk, at_home, text_of


def task_field(desk: Desk) -> str:
    return desk.app.screen.query_one("#task", Input).value


def listed(desk: Desk) -> list[str]:
    return [task.id for task in desk.app.screen.query_one(TaskList).items]


async def fill(desk: Desk, field: str, text: str) -> None:
    desk.app.screen.query_one(f"#{field}").focus()
    await desk.press("ctrl+u")
    await desk.write(text)


async def test_a_task_that_is_written_is_started_with_the_defaults(folder: Path) -> None:
    async with at_home(folder) as desk:
        await desk.press("n")
        await desk.write("put:7")
        await desk.press("enter")
        assert desk.app.runs == [Settings("household", "put:7", "expert", limits=Limits())]
        assert not desk.has_dialog()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_tasks_are_searched_while_one_types_and_chosen_by_keys(
    folder: Path, size: tuple[int, int]
) -> None:
    async with at_home(folder, size) as desk:
        await desk.press("n")
        assert len(listed(desk)) == 900
        await desk.write("heat plate shelf")
        assert "heat:0" in listed(desk) and len(listed(desk)) < 50
        wanted = listed(desk)[1]
        await desk.press("down", "down")
        assert task_field(desk) == wanted
        await desk.press("enter")
        assert [settings.task for settings in desk.app.runs] == [wanted]


async def test_the_task_of_just_that_id_is_the_first_that_is_found(folder: Path) -> None:
    async with at_home(folder) as desk:
        await desk.press("n")
        await desk.write("put:1")
        assert listed(desk)[:2] == ["put:1", "put:10"]


async def test_enter_in_a_search_takes_the_first_task_and_a_second_one_starts_it(folder: Path) -> None:
    async with at_home(folder) as desk:
        await desk.press("n")
        await desk.write("heat:14")
        await desk.press("backspace")
        await desk.write("4")
        await fill(desk, "task", "microwave clean tomato")
        first = listed(desk)[0]
        await desk.press("enter")
        assert (task_field(desk), desk.app.runs) == (first, [])
        await desk.press("enter")
        assert [settings.task for settings in desk.app.runs] == [first]


async def test_a_click_chooses_a_task_and_a_double_click_starts_it(folder: Path) -> None:
    async with at_home(folder) as desk:
        await desk.press("n")
        await desk.pilot.click(TaskList, offset=(4, 2))
        await desk.settle()
        assert task_field(desk) == "heat:0"
        await desk.pilot.click(TaskList, offset=(4, 3), times=2)
        await desk.settle()
        assert [settings.task for settings in desk.app.runs] == ["cool:0"]


async def test_a_task_outside_the_list_is_looked_for(folder: Path) -> None:
    async with at_home(folder) as desk:
        await desk.press("n")
        await desk.write("put:12345:large")
        await desk.press("ctrl+s")
        assert [settings.task for settings in desk.app.runs] == ["put:12345:large"]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "choose a task, or write its id"),
        ("fly:1", "household has no task 'fly:1': write KIND:SEED"),
        ("scene:/nowhere", "/nowhere"),
    ],
)
async def test_a_task_that_is_none_is_said_beside_the_field(folder: Path, typed: str, why: str) -> None:
    async with at_home(folder) as desk:
        await desk.press("n")
        await desk.write(typed)
        await desk.press("ctrl+s")
        assert why in desk.fault("TaskChooser .fault")
        assert desk.app.runs == []
        await desk.write("p")
        assert desk.fault("TaskChooser .fault") == ""


async def test_limits_seed_and_policy_are_those_that_were_typed(folder: Path) -> None:
    async with at_home(folder) as desk:
        await desk.press("n")
        typed = {"depth": "3", "rewrites": "0", "repairs": "1", "steps": "40", "calls": "12"}
        typed |= {"tokens": "100000", "cost_usd": "0.5", "seconds": "60", "seed": "9"}
        for field, text in typed.items():
            await fill(desk, field, text)
        desk.app.screen.query_one("#policy", Select).value = "human"
        await fill(desk, "task", "put:7")
        await desk.press("ctrl+s")
        limits = Limits(3, 0, 1, 40, 12, 100_000, 0.5, 60.0)
        assert desk.app.runs == [
            Settings("household", "put:7", "human", limits=limits, sandbox=SandboxLimits(seed=9))
        ]


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("depth", "0", "depth: '0' is not a whole number from 1 on"),
        ("depth", "", "depth: '' is not a whole number"),
        ("repairs", "-1", "repairs: '-1' is not a whole number from 0 on"),
        ("steps", "many", "steps: 'many' is not a whole number from 0 on; leave it empty for no limit"),
        ("cost_usd", "nan", "cost $: 'nan' is not a number from 0 on"),
        ("seconds", "inf", "seconds: 'inf' is not a number from 0 on"),
        ("seed", "x", "seed: 'x' is not a whole number"),
    ],
)
async def test_a_bad_number_is_said_and_nothing_starts(folder: Path, field: str, text: str, why: str) -> None:
    async with at_home(folder) as desk:
        await desk.press("n")
        await fill(desk, "task", "put:7")
        await fill(desk, field, text)
        assert why in desk.fault("#number-fault")
        assert desk.app.screen.query_one(f"#{field}").has_class("-invalid")
        await desk.press("ctrl+s")
        assert desk.app.runs == []
        await fill(desk, field, "2")
        assert desk.fault() == ""
        await desk.press("enter")
        assert len(desk.app.runs) == 1


async def test_esc_starts_nothing(folder: Path) -> None:
    async with at_home(folder) as desk:
        await desk.press("n")
        await desk.write("put:7")
        await desk.press("escape")
        assert (desk.app.runs, desk.has_dialog()) == ([], False)


async def test_an_environment_that_cannot_be_had_says_why(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    household = Household()

    def some(name: str) -> Household:
        if name == "moon":
            raise EnvironmentUnavailable("moon is not installed: get it with 'recode[moon]'")
        if name == "mars":
            raise ImportError("No module named 'mars'")
        return household

    monkeypatch.setattr(choices, "environment", some)
    for module in (choices, new_run):
        monkeypatch.setattr(module, "names", lambda: ("household", "moon", "mars"))
    async with at_home(folder) as desk:
        await desk.press("n")
        select = desk.app.screen.query_one("#environment", Select)
        prompts = [str(prompt) for prompt, _ in select._options]
        assert prompts[1] == "moon  moon is not installed: get it with 'recode[moon]'"
        select.value = "moon"
        await desk.settle()
        assert "moon is not installed" in desk.fault("#environment-fault")
        assert listed(desk) == []
        select.value = "mars"
        await desk.settle()
        assert "mars cannot be loaded: ImportError: No module" in desk.fault("#environment-fault")
        select.value = "household"
        await desk.settle()
        assert desk.fault("#environment-fault") == ""
        assert len(listed(desk)) == 900


class Endless(Household):
    """Has tasks without an end, the next of them when it is let."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()

    def tasks(self, split: str | None = None) -> Iterator[Task]:
        for number in count():
            if number == 100:
                assert self.may_go_on.wait(10)
            yield Task(f"put:{number}", "put [red]a cd\x1b[2J[/red] somewhere", "train", "put")


async def test_tasks_are_listed_as_they_are_found_and_not_without_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = Endless()
    monkeypatch.setattr(choices, "environment", lambda name: endless)
    monkeypatch.setattr(tasks, "_OFTEN", 0)
    monkeypatch.setattr(tasks, "MOST", 5000)
    monkeypatch.setattr(task_chooser, "MOST", 5000)
    async with at_home(folder) as desk:
        await desk.pilot.press("n")
        while not desk.app.screen.query(TaskList) or len(listed(desk)) < 99:
            await desk.pilot.pause(0.01)
        found = desk.app.screen.query_one("#found")
        assert "looking for more" in text_of(found)
        row = desk.app.screen.query_one(TaskList).render_line(0).text
        assert "put [red]a cd␛[2J[/red] somewhere" in row
        endless.may_go_on.set()
        await desk.settle()
        assert "there are more: write the id of one" in text_of(found)
        assert len(listed(desk)) == 5000


async def test_the_profiles_of_models_are_offered_with_what_they_lack(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("GEMINI_API_KEY", "sk-secret")
    async with at_home(folder) as desk:
        await desk.press("n")
        select = desk.app.screen.query_one("#policy", Select)
        prompts = {name: str(prompt) for prompt, name in select._options}
        assert list(prompts)[:3] == ["expert", "human", "openai"]
        assert prompts["gemini"] == "gemini  gemini-2.5-flash"
        select.value = "openai"
        await desk.settle()
        assert "set the variable OPENAI_API_KEY" in desk.fault("#policy-fault")
        select.value = "expert"
        await desk.settle()
        assert desk.fault("#policy-fault") == ""
