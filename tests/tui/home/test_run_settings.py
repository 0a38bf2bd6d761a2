"""Reading the form of a new run: numbers, prompts, models, tasks; without an app."""

from __future__ import annotations

from pathlib import Path

import pytest

from recode_core.environments.environment import Task
from recode_core.executor.limits import Limits
from recode_core.policies.openai.profile import BUILTIN_PROFILES
from recode_tui.home import tasks
from recode_tui.home.model_choice import ModelChoice, ModelOffer, read_model
from recode_tui.home.run_settings import (
    NUMBERS,
    InvalidField,
    NumberField,
    read_limits,
    read_prompts,
    read_sandbox,
)
from recode_tui.home.tasks import TaskIndex, batches

DEFAULTS = {field.name: field.default for field in NUMBERS}
OPENAI = ModelOffer(BUILTIN_PROFILES["openai"])
LOCAL = ModelOffer(BUILTIN_PROFILES["ollama"], tuple("abcdefghij"))
TASKS = (
    Task("put:10", "put a cd in shelf", "train", "put"),
    Task("put:1", "put a book in shelf", "train", "put"),
    Task("heat:1", "heat an egg", "test", "heat"),
)


@pytest.mark.parametrize(("agent", "calls"), [("recode", 60), ("react", None)])
def test_calls_that_are_not_typed_are_those_of_the_agent(agent: str, calls: int | None) -> None:
    assert read_limits(DEFAULTS, agent) == Limits(calls=calls, episode_repairs=10)


def test_typed_numbers_are_read() -> None:
    limits = read_limits(DEFAULTS | {"steps": " 40 ", "calls": "7", "cost_usd": "0.5"}, "react")
    assert (limits.steps, limits.calls, limits.cost_usd) == (40, 7, 0.5)
    assert read_sandbox(DEFAULTS | {"seed": "9"}).seed == 9


@pytest.mark.parametrize("text", ["0", "", "x", "1.5", "-1", "nan", "inf"])
def test_an_invalid_number_names_its_field(text: str) -> None:
    with pytest.raises(InvalidField, match=f"depth: '{text}' is not a whole number of at least 1") as raised:
        read_limits(DEFAULTS | {"depth": text}, "recode")
    assert raised.value.field == "depth"


def test_a_field_without_a_default_says_what_empty_means() -> None:
    field = NumberField("steps", "steps", "", "Actions")
    assert field.parse(" ") is None
    with pytest.raises(InvalidField, match=r"leave it empty for no limit$"):
        field.parse("many")


def test_prompts_that_cannot_be_read_name_their_field(tmp_path: Path) -> None:
    with pytest.raises(InvalidField, match="cannot be read") as raised:
        read_prompts(str(tmp_path / "absent"), "household", "recode")
    assert raised.value.field == "prompts"


@pytest.mark.parametrize("offer", [None, OPENAI])
def test_an_empty_temperature_is_that_of_the_profile(offer: ModelOffer | None) -> None:
    assert read_model(offer, "other", " ") == ModelChoice("other")
    assert read_model(offer, "gpt-4o-mini", "0.5") == ModelChoice("gpt-4o-mini", {"temperature": 0.5})


def test_a_reasoning_model_takes_no_temperature() -> None:
    with pytest.raises(InvalidField, match="o3-mini is a reasoning model") as raised:
        read_model(OPENAI, "o3-mini", "0.5")
    assert raised.value.field == "temperature"


@pytest.mark.parametrize(
    ("model", "by", "expected"), [("b", 1, "c"), ("a", -1, "j"), ("j", 1, "a"), ("x", 1, "a"), ("x", -1, "j")]
)
def test_stepping_through_models_wraps_around(model: str, by: int, expected: str) -> None:
    assert LOCAL.step(model, by) == expected


@pytest.mark.parametrize(
    ("model", "expected"), [("a", "abcd"), ("e", "bcdefgh"), ("j", "ghij"), ("x", "abcd")]
)
def test_the_models_around_the_chosen_one_are_shown(model: str, expected: str) -> None:
    assert "".join(LOCAL.neighbours(model)) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["put:10", "put:1", "heat:1"]),
        ("SHELF put", ["put:10", "put:1"]),
        ("put:1", ["put:1", "put:10"]),
        ("test", ["heat:1"]),
        ("absent", []),
    ],
)
def test_tasks_are_searched_by_all_words(text: str, found: list[str]) -> None:
    index = TaskIndex()
    index.add(TASKS)
    index.add(TASKS[:1])
    assert [task.id for task in index.search(text)] == found
    assert (len(index), "heat:1" in index, "heat:2" in index) == (3, True, False)


def test_batches_hold_every_task_once_up_to_the_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_INTERVAL", 0)
    monkeypatch.setattr(tasks, "MOST", 2)
    assert [task for batch in batches(TASKS) for task in batch] == [*TASKS[:2]]
