"""The fields for a model in the dialog for a new run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input, Select

from recode_core.session import Settings
from recode_tui.home import model_chooser
from recode_tui.home.model_choice import ModelOffer, find_offer
from tests.policies.openai.endpoint import serving
from tests.support.waiting import PATIENCE
from tests.tui.home.home_pilot import HomePilot, open_home, text_of


@pytest.fixture
def profiles(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Writes the user's profiles."""
    monkeypatch.setattr("recode_core.config.config_path", lambda: tmp_path / "config.toml")

    def write(text: str) -> None:
        (tmp_path / "config.toml").write_text(text)

    return write


async def fill(ui: HomePilot, field: str, text: str) -> None:
    ui.app.screen.query_one(f"#{field}", Input).value = text
    await ui.settle()


async def choose_policy(ui: HomePilot, name: str) -> None:
    await ui.press("n")
    ui.app.screen.query_one("#policy", Select).value = name
    await ui.settle()


def models_text(ui: HomePilot) -> str:
    return text_of(ui.app.screen.query_one("#models"))


@pytest.mark.slow
async def test_a_profile_is_asked_as_it_says_unless_a_model_and_a_temperature_are_written(
    folder: Path, profiles: Callable[[str], None]
) -> None:
    profiles('[profiles.lab]\nbase_url = "https://llm.example.org/v1"\nmodel = "big"\ntemperature = 0.2')
    async with open_home(folder) as ui:
        await choose_policy(ui, "lab")
        model = ui.app.screen.query_one("#model", Input)
        temperature = ui.app.screen.query_one("#temperature", Input)
        assert (model.placeholder, temperature.placeholder) == ("big", "0.2")
        await fill(ui, "task", "put:7")
        await ui.press("ctrl+s")
        assert ui.app.runs == [Settings("household", "put:7", "lab")]
        await choose_policy(ui, "lab")
        await fill(ui, "model", "bigger")
        await fill(ui, "temperature", "0.7")
        await fill(ui, "task", "put:7")
        await ui.press("ctrl+s")
        wished = Settings("household", "put:7", "lab", model="bigger", sampling={"temperature": 0.7})
        assert ui.app.runs[1:] == [wished]


@pytest.mark.slow_variants
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_models_of_a_server_are_chosen_by_arrows_or_completed(
    folder: Path, profiles: Callable[[str], None], size: tuple[int, int]
) -> None:
    with serving() as endpoint:
        endpoint.models = ["small [red]", "medium", "large"]
        profiles(f'[profiles.here]\nbase_url = "{endpoint.url}"')
        async with open_home(folder, size) as ui:
            await choose_policy(ui, "here")
            model = ui.app.screen.query_one("#model", Input)
            assert model.placeholder == "small [red]"
            assert models_text(ui) == "↑↓ small [red]  medium  large"
            assert model.region.bottom <= ui.app.screen.query_one("#models").region.y
            await fill(ui, "task", "put:7")
            model.focus()
            await ui.press("down")
            assert model.value == "medium"
            await ui.press("down", "down", "up")
            assert model.value == "large"
            await ui.press("ctrl+u")
            await ui.write("med")
            assert "med is not among them" in models_text(ui)
            await ui.press("right")
            assert model.value == "medium"
            await ui.press("enter")
        assert [settings.model for settings in ui.app.runs] == ["medium"]


@pytest.mark.slow
async def test_nobody_waits_for_a_server_that_is_asked_and_what_is_written_meanwhile_counts(
    folder: Path, profiles: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    may_answer = threading.Event()

    def slow(policy: str) -> ModelOffer | None:
        assert may_answer.wait(PATIENCE)
        return find_offer(policy)

    monkeypatch.setattr(model_chooser, "find_offer", slow)
    with serving() as endpoint:
        profiles(f'[profiles.here]\nbase_url = "{endpoint.url}"\nlocal = true')
        async with open_home(folder) as ui:
            await ui.press("n")
            ui.app.screen.query_one("#policy", Select).value = "here"
            await ui.pilot.pause()
            assert models_text(ui) == "asking for its models…"
            ui.app.screen.query_one("#model").focus()
            await ui.pilot.press("l", "a", "r", "g", "e")
            may_answer.set()
            await ui.settle()
            assert models_text(ui) == "↑↓ small  large"
            assert ui.app.screen.query_one("#model", Input).value == "large"


@pytest.mark.slow
async def test_a_server_that_does_not_run_is_said_and_asked_again(
    folder: Path, profiles: Callable[[str], None]
) -> None:
    with serving() as endpoint:
        url = endpoint.url
    profiles(f'[profiles.here]\nbase_url = "{url}"\nlocal = true\nstart = "serve it"')
    async with open_home(folder) as ui:
        await choose_policy(ui, "here")
        assert "no server is running; start one: serve it" in ui.error("#policy-error")
        assert "ctrl+r asks again" in models_text(ui)
        with serving(int(url.split(":")[2].removesuffix("/v1"))):
            ui.app.screen.query_one("#model").focus()
            await ui.press("ctrl+r")
            assert ui.error("#policy-error") == ""
            assert models_text(ui) == "↑↓ small  large"


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    ("model", "text", "why"),
    [
        ("", "warm", "temperature: 'warm' is not a number of at least 0; leave it empty for the profile's"),
        ("", "-1", "temperature: '-1' is not a number of at least 0"),
        ("o3-mini", "0.5", "o3-mini is a reasoning model and takes no temperature: leave it empty"),
    ],
)
async def test_a_temperature_that_cannot_be_is_said_and_nothing_starts(
    folder: Path, profiles: Callable[[str], None], model: str, text: str, why: str
) -> None:
    profiles("")
    async with open_home(folder) as ui:
        await choose_policy(ui, "openai")
        await fill(ui, "model", model)
        await fill(ui, "temperature", text)
        await fill(ui, "task", "put:7")
        assert why in ui.error("#model-error")
        await ui.press("ctrl+s")
        assert ui.app.runs == []


@pytest.mark.slow
async def test_the_expert_has_no_model_and_what_was_written_for_another_policy_is_forgotten(
    folder: Path, profiles: Callable[[str], None]
) -> None:
    profiles("")
    async with open_home(folder) as ui:
        await choose_policy(ui, "openai")
        await fill(ui, "model", "other")
        await fill(ui, "temperature", "warm")
        ui.app.screen.query_one("#policy", Select).value = "expert"
        await ui.settle()
        assert not ui.app.screen.query_one("#model").is_on_screen
        await fill(ui, "task", "put:7")
        await ui.press("ctrl+s")
        assert ui.app.runs == [Settings("household", "put:7", "expert")]


@pytest.mark.slow
async def test_a_model_that_can_chat_is_offered_first_and_a_server_without_one_says_so(
    folder: Path, profiles: Callable[[str], None]
) -> None:
    with serving() as endpoint:
        endpoint.models = ["text-embedding-small", "large"]
        profiles(f"[profiles.here]\nbase_url = '{endpoint.url}'\nlocal = true")
        async with open_home(folder) as ui:
            await choose_policy(ui, "here")
            assert models_text(ui) == "↑↓ large  text-embedding-small"
            assert ui.app.screen.query_one("#model", Input).placeholder == "large"
            endpoint.models = ["text-embedding-small"]
            ui.app.screen.query_one(model_chooser.ModelChooser).action_load()
            await ui.settle()
            assert models_text(ui) == "↑↓ text-embedding-small"
            assert "no chat model, only text-embedding-small" in ui.error("#policy-error")
