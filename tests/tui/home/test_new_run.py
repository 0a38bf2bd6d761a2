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
from recode_tui.home.new_run import NewRunDialog
from recode_tui.home.run_settings import ABOUT, NUMBERS
from recode_tui.home.task_chooser import TaskList
from recode_tui.widgets.choice_field import ChoiceField
from tests.support.waiting import PATIENCE
from tests.tui.home.home_pilot import HomePilot, open_home, text_of
from tests.tui.themed import shown


def task_field(ui: HomePilot) -> str:
    return ui.app.screen.query_one("#task", Input).value


def listed(ui: HomePilot) -> list[str]:
    return [task.id for task in ui.app.screen.query_one(TaskList).items]


async def fill(ui: HomePilot, field: str, text: str) -> None:
    ui.app.screen.query_one(f"#{field}").focus()
    await ui.press("ctrl+u")
    await ui.write(text)


def about(ui: HomePilot) -> str:
    return text_of(ui.app.screen.query_one("#about"))


async def test_the_fields_are_in_the_order_in_which_one_decides(folder: Path) -> None:
    async with open_home(folder, (80, 24)) as ui:
        await ui.press("n")
        ids = []
        for _ in range(5):
            assert ui.app.screen.focused is not None
            ids.append(ui.app.screen.focused.id)
            await ui.press("tab")
        assert ids == ["environment", "task", None, "agent", "policy"]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_every_field_is_explained_in_one_line_while_it_has_the_focus(
    folder: Path, size: tuple[int, int]
) -> None:
    async with open_home(folder, size) as ui:
        await ui.press("n")
        assert "in which the agent acts" in about(ui)
        ui.app.screen.query_one("#policy", Select).value = "openai"
        await ui.settle()
        for name, text in ABOUT.items():
            ui.app.screen.query_one(f"#{name}").focus()
            await ui.settle()
            assert about(ui) == text
            assert text in shown(ui.app.screen)
        ui.app.screen.query_one(TaskList).focus()
        await ui.settle()
        assert about(ui) == ""
        assert {field.name for field in NUMBERS} <= {*ABOUT}


async def test_what_an_environment_lacks_is_said_before_all_are_known(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_load = threading.Event()

    def all_choices() -> tuple[choices.Choice, ...]:
        assert may_load.wait(PATIENCE)
        return ()

    def some(name: str) -> Household:
        if name == "moon":
            raise EnvironmentUnavailable("moon is not installed: get it with 'recode[moon]'")
        return Household()

    monkeypatch.setattr(new_run, "environment_choices", all_choices)
    monkeypatch.setattr(choices, "environment", some)
    monkeypatch.setattr(new_run, "names", lambda: ("household", "moon"))
    async with open_home(folder) as ui:
        await ui.pilot.press("n")
        try:
            while not ui.app.screen.query("#environment"):
                await ui.pilot.pause(0.01)
            ui.app.screen.query_one("#environment", Select).value = "moon"
            while "moon is not installed" not in ui.error("#environment-error"):
                await ui.pilot.pause(0.01)
        finally:
            may_load.set()
            monkeypatch.undo()


async def test_a_task_that_is_none_is_said_when_its_field_is_left(folder: Path) -> None:
    async with open_home(folder) as ui:
        await ui.press("n", "tab")
        await ui.write("fly:1")
        assert ui.error("TaskChooser FieldError") == ""
        await ui.press("shift+tab")
        assert "household has no task 'fly:1'" in ui.error("TaskChooser FieldError")
        assert ui.app.screen.query_one("#environment").has_focus
        await fill(ui, "task", "put:12345:large")
        await ui.press("shift+tab")
        assert (ui.error("TaskChooser FieldError"), ui.app.runs) == ("", [])
        await fill(ui, "task", "put shelf")
        await ui.press("tab")
        assert ui.error("TaskChooser FieldError") == ""
        assert task_field(ui) == listed(ui)[0]


async def test_prompts_that_are_none_are_said_when_their_field_is_left(folder: Path) -> None:
    async with open_home(folder) as ui:
        await ui.press("n")
        await fill(ui, "prompts", "/nowhere")
        assert ui.error("#prompts-error") == ""
        await ui.press("shift+tab")
        assert "/nowhere cannot be read" in ui.error("#prompts-error")


async def test_a_start_is_told_before_the_dialog_is_left(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NewRunDialog, "_start", lambda self, settings: None)
    async with open_home(folder) as ui:
        await ui.press("n", "tab")
        await ui.write("put:7")
        await ui.press("ctrl+s")
        assert "Starting household put:7…" in shown(ui.app.screen)


@pytest.mark.slow_variants
@pytest.mark.parametrize("field", ["policy", "environment", "agent"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20)])
async def test_a_list_of_choices_stays_inside_the_dialog(
    folder: Path, size: tuple[int, int], field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = tuple(choices.Choice(f"profile-{at}", missing="set the variable KEY " * 9) for at in range(30))
    monkeypatch.setattr(new_run, "policy_choices", lambda: (*choices.POLICIES, *many))
    async with open_home(folder, size) as ui:
        await ui.press("n")
        ui.app.screen.query_one(f"#{field}").focus()
        await ui.press("enter")
        overlay = ui.app.screen.query_one(f"#{field} SelectOverlay")
        box = ui.app.screen.query_one("#box").region
        assert overlay.display
        assert box.contains_region(overlay.region), (box, overlay.region)
        for key in ("end", "home"):
            await ui.press(key)
            assert box.contains_region(overlay.region)


async def test_typing_goes_to_a_choice_in_the_open_list(folder: Path) -> None:
    async with open_home(folder) as ui:
        await ui.press("n")
        field = ui.app.screen.query_one("#policy", ChoiceField)
        field.focus()
        await ui.press("enter")
        await ui.write("HUM")
        await ui.press("enter")
        assert field.value == "human"


async def test_a_task_that_is_written_is_started_with_the_defaults(folder: Path) -> None:
    async with open_home(folder) as ui:
        await ui.press("n", "tab")
        await ui.write("put:7")
        await ui.press("enter")
        assert ui.app.runs == [Settings("household", "put:7", "expert")]
        assert not ui.has_dialog()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_tasks_are_searched_while_one_types_and_chosen_by_keys(
    folder: Path, size: tuple[int, int]
) -> None:
    async with open_home(folder, size) as ui:
        await ui.press("n", "tab")
        assert len(listed(ui)) == 900
        await ui.write("heat plate shelf")
        assert "heat:0" in listed(ui) and len(listed(ui)) < 50
        wanted = listed(ui)[1]
        await ui.press("down", "down")
        assert task_field(ui) == wanted
        await ui.press("enter")
        assert [settings.task for settings in ui.app.runs] == [wanted]


@pytest.mark.slow
async def test_the_task_of_just_that_id_is_the_first_that_is_found(folder: Path) -> None:
    async with open_home(folder) as ui:
        await ui.press("n", "tab")
        await ui.write("put:1")
        assert listed(ui)[:2] == ["put:1", "put:10"]


@pytest.mark.slow
async def test_enter_in_a_search_takes_the_first_task_and_a_second_one_starts_it(folder: Path) -> None:
    async with open_home(folder) as ui:
        await ui.press("n", "tab")
        await ui.write("heat:14")
        await ui.press("backspace")
        await ui.write("4")
        await fill(ui, "task", "microwave clean tomato")
        first = listed(ui)[0]
        await ui.press("enter")
        assert (task_field(ui), ui.app.runs) == (first, [])
        await ui.press("enter")
        assert [settings.task for settings in ui.app.runs] == [first]


@pytest.mark.slow
async def test_a_click_chooses_a_task_and_a_double_click_starts_it(folder: Path) -> None:
    async with open_home(folder) as ui:
        await ui.press("n")
        await ui.pilot.click(TaskList, offset=(4, 2))
        await ui.settle()
        assert task_field(ui) == "heat:0"
        await ui.pilot.click(TaskList, offset=(4, 3), times=2)
        await ui.settle()
        assert [settings.task for settings in ui.app.runs] == ["cool:0"]


@pytest.mark.slow
async def test_a_task_outside_the_list_is_looked_for(folder: Path) -> None:
    async with open_home(folder) as ui:
        await ui.press("n", "tab")
        await ui.write("put:12345:large")
        await ui.press("ctrl+s")
        assert [settings.task for settings in ui.app.runs] == ["put:12345:large"]


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "choose a task, or write its id"),
        ("fly:1", "household has no task 'fly:1': write KIND:SEED"),
        ("scene:/nowhere", "/nowhere"),
    ],
)
async def test_a_task_that_is_none_is_said_beside_the_field(folder: Path, typed: str, why: str) -> None:
    async with open_home(folder) as ui:
        await ui.press("n", "tab")
        await ui.write(typed)
        await ui.press("ctrl+s")
        assert why in ui.error("TaskChooser FieldError")
        assert ui.app.runs == []
        await ui.write("p")
        assert ui.error("TaskChooser FieldError") == ""


async def test_the_limit_of_calls_that_is_taken_is_seen(folder: Path) -> None:
    async with open_home(folder) as ui:
        await ui.press("n")
        seen = [ui.app.screen.query_one("#calls", Input).placeholder]
        ui.app.screen.query_one("#agent", Select).value = "react"
        await ui.settle()
        seen.append(ui.app.screen.query_one("#calls", Input).placeholder)
        assert seen == ["60", "none"]


@pytest.mark.slow
async def test_limits_seed_and_policy_are_those_that_were_typed(folder: Path) -> None:
    async with open_home(folder) as ui:
        await ui.press("n")
        typed = {"depth": "3", "rewrites": "0", "repairs": "1", "steps": "40", "calls": "12"}
        typed |= {"episode_repairs": "4"}
        typed |= {"tokens": "100000", "cost_usd": "0.5", "seconds": "60", "seed": "9"}
        for field, text in typed.items():
            await fill(ui, field, text)
        ui.app.screen.query_one("#policy", Select).value = "human"
        await fill(ui, "task", "put:7")
        await ui.press("ctrl+s")
        limits = Limits(3, 0, 1, 40, 12, 100_000, 0.5, 60.0, episode_repairs=4)
        assert ui.app.runs == [
            Settings("household", "put:7", "human", limits=limits, sandbox=SandboxLimits(seed=9))
        ]


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("depth", "0", "depth: '0' is not a whole number of at least 1"),
        ("depth", "", "depth: '' is not a whole number"),
        ("repairs", "-1", "repairs: '-1' is not a whole number of at least 0"),
        ("steps", "many", "steps: 'many' is not a whole number of at least 0; leave it empty for no limit"),
        ("cost_usd", "nan", "cost $: 'nan' is not a number of at least 0"),
        ("seconds", "inf", "seconds: 'inf' is not a number of at least 0"),
        ("seed", "x", "seed: 'x' is not a whole number"),
    ],
)
async def test_a_bad_number_is_said_and_nothing_starts(folder: Path, field: str, text: str, why: str) -> None:
    async with open_home(folder) as ui:
        await ui.press("n")
        await fill(ui, "task", "put:7")
        await fill(ui, field, text)
        assert why in ui.error("#number-error")
        assert ui.app.screen.query_one(f"#{field}").has_class("-invalid")
        await ui.press("ctrl+s")
        assert ui.app.runs == []
        await fill(ui, field, "2")
        assert ui.error() == ""
        await ui.press("enter")
        assert len(ui.app.runs) == 1


@pytest.mark.slow
async def test_esc_starts_nothing(folder: Path) -> None:
    async with open_home(folder) as ui:
        await ui.press("n", "tab")
        await ui.write("put:7")
        await ui.press("escape")
        assert (ui.app.runs, ui.has_dialog()) == ([], False)


@pytest.mark.slow
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
    async with open_home(folder) as ui:
        await ui.press("n")
        select = ui.app.screen.query_one("#environment", Select)
        prompts = [str(prompt) for prompt, _ in select._options]
        assert prompts[1] == "moon  moon is not installed: get it with 'recode[moon]'"
        select.value = "moon"
        await ui.settle()
        assert "moon is not installed" in ui.error("#environment-error")
        assert listed(ui) == []
        select.value = "mars"
        await ui.settle()
        assert "mars cannot be loaded: ImportError: No module" in ui.error("#environment-error")
        select.value = "household"
        await ui.settle()
        assert ui.error("#environment-error") == ""
        assert len(listed(ui)) == 900


class Endless(Household):
    """Has tasks without an end, the next of them when it is let."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()

    def tasks(self, split: str | None = None) -> Iterator[Task]:
        for number in count():
            if number == 100:
                assert self.may_go_on.wait(PATIENCE)
            yield Task(f"put:{number}", "put [red]a cd\x1b[2J[/red] somewhere", "train", "put")


@pytest.mark.slow
async def test_tasks_are_listed_as_they_are_found_and_not_without_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = Endless()
    monkeypatch.setattr(choices, "environment", lambda name: endless)
    monkeypatch.setattr(tasks, "_INTERVAL", 0)
    monkeypatch.setattr(tasks, "MOST", 500)
    monkeypatch.setattr(task_chooser, "MOST", 500)
    async with open_home(folder) as ui:
        await ui.pilot.press("n")
        while not ui.app.screen.query(TaskList) or len(listed(ui)) < 99:
            await ui.pilot.pause(0.01)
        count_text = ui.app.screen.query_one("#count")
        assert "looking for more" in text_of(count_text)
        row = ui.app.screen.query_one(TaskList).render_line(0).text
        assert "put [red]a cd␛[2J[/red] somewhere" in row
        endless.may_go_on.set()
        await ui.settle()
        assert "there are more: write the id of one" in text_of(count_text)
        assert len(listed(ui)) == 500


@pytest.mark.slow
async def test_the_profiles_of_models_are_offered_with_what_they_lack(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("GEMINI_API_KEY", "sk-secret")
    async with open_home(folder) as ui:
        await ui.press("n")
        select = ui.app.screen.query_one("#policy", Select)
        prompts = {name: str(prompt) for prompt, name in select._options}
        assert list(prompts)[:3] == ["expert", "human", "openai"]
        assert prompts["gemini"] == "gemini  gemini-2.5-flash"
        select.value = "openai"
        await ui.settle()
        assert "set the variable OPENAI_API_KEY" in ui.error("#policy-error")
        select.value = "expert"
        await ui.settle()
        assert ui.error("#policy-error") == ""


async def test_a_folder_of_prompts_is_taken_or_said_to_be_wrong(folder: Path, tmp_path: Path) -> None:
    (mine := tmp_path / "mine" / "household").mkdir(parents=True)
    (mine / "actions.md").write_text("- jump", "utf-8")
    async with open_home(folder) as ui:
        await ui.press("n", "tab")
        await ui.write("put:7")
        prompts = ui.app.screen.query_one("#prompts", Input)
        prompts.value = str(tmp_path / "nowhere")
        await ui.press("ctrl+s")
        assert "nowhere cannot be read" in ui.error("#prompts-error")
        assert (ui.app.runs, prompts.has_class("-invalid")) == ([], True)
        prompts.value = str(mine.parent)
        await ui.settle()
        assert ui.error("#prompts-error") == ""
        await ui.press("ctrl+s")
        (chosen,) = ui.app.runs
        assert chosen.prompts is not None and chosen.prompts.actions == "- jump"
