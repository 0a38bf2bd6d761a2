"""The fields for a model in the dialog for a new run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input, Select

from recode_core.session import Settings
from recode_tui.home import choices, model_chooser
from tests.policies.openai.endpoint import serving
from tests.tui.home.desk import Desk, at_home, text_of


@pytest.fixture
def profiles(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Writes the user's profiles."""
    monkeypatch.setattr("recode_core.policies.openai.config.config_path", lambda: tmp_path / "config.toml")

    def write(text: str) -> None:
        (tmp_path / "config.toml").write_text(text)

    return write


async def fill(desk: Desk, field: str, text: str) -> None:
    desk.app.screen.query_one(f"#{field}", Input).value = text
    await desk.settle()


async def choose_policy(desk: Desk, name: str) -> None:
    await desk.press("n")
    desk.app.screen.query_one("#policy", Select).value = name
    await desk.settle()


def said_of_models(desk: Desk) -> str:
    return text_of(desk.app.screen.query_one("#listed"))


async def test_a_profile_is_asked_as_it_says_unless_a_model_and_a_temperature_are_written(
    folder: Path, profiles: Callable[[str], None]
) -> None:
    profiles('[profiles.lab]\nbase_url = "https://llm.example.org/v1"\nmodel = "big"\ntemperature = 0.2')
    async with at_home(folder) as desk:
        await choose_policy(desk, "lab")
        model = desk.app.screen.query_one("#model", Input)
        temperature = desk.app.screen.query_one("#temperature", Input)
        assert (model.placeholder, temperature.placeholder) == ("big", "0.2")
        await fill(desk, "task", "put:7")
        await desk.press("ctrl+s")
        assert desk.app.runs == [Settings("household", "put:7", "lab")]
        await choose_policy(desk, "lab")
        await fill(desk, "model", "bigger")
        await fill(desk, "temperature", "0.7")
        await fill(desk, "task", "put:7")
        await desk.press("ctrl+s")
        wished = Settings("household", "put:7", "lab", model="bigger", sampling={"temperature": 0.7})
        assert desk.app.runs[1:] == [wished]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_models_of_a_server_are_chosen_by_arrows_or_completed(
    folder: Path, profiles: Callable[[str], None], size: tuple[int, int]
) -> None:
    with serving() as endpoint:
        endpoint.models = ["small [red]", "medium", "large"]
        profiles(f'[profiles.here]\nbase_url = "{endpoint.url}"\nlocal = true')
        async with at_home(folder, size) as desk:
            await choose_policy(desk, "here")
            model = desk.app.screen.query_one("#model", Input)
            assert model.placeholder == "small [red]"
            assert said_of_models(desk) == "↑↓ small [red]  medium  large"
            assert model.region.bottom <= desk.app.screen.query_one("#listed").region.y
            await fill(desk, "task", "put:7")
            model.focus()
            await desk.press("down")
            assert model.value == "medium"
            await desk.press("down", "down", "up")
            assert model.value == "large"
            await desk.press("ctrl+u")
            await desk.write("med")
            assert "med is not among them" in said_of_models(desk)
            await desk.press("right")
            assert model.value == "medium"
            await desk.press("enter")
        assert [settings.model for settings in desk.app.runs] == ["medium"]


async def test_nobody_waits_for_a_server_that_is_asked_and_what_is_written_meanwhile_counts(
    folder: Path, profiles: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    may_answer = threading.Event()

    def slow(policy: str) -> choices.Offer | None:
        assert may_answer.wait(10)
        return choices.offer_of(policy)

    monkeypatch.setattr(model_chooser, "offer_of", slow)
    with serving() as endpoint:
        profiles(f'[profiles.here]\nbase_url = "{endpoint.url}"\nlocal = true')
        async with at_home(folder) as desk:
            await desk.press("n")
            desk.app.screen.query_one("#policy", Select).value = "here"
            await desk.pilot.pause()
            assert said_of_models(desk) == "asking for its models…"
            desk.app.screen.query_one("#model").focus()
            await desk.pilot.press("l", "a", "r", "g", "e")
            may_answer.set()
            await desk.settle()
            assert said_of_models(desk) == "↑↓ small  large"
            assert desk.app.screen.query_one("#model", Input).value == "large"


async def test_a_server_that_does_not_run_is_said_and_asked_again(
    folder: Path, profiles: Callable[[str], None]
) -> None:
    with serving() as endpoint:
        url = endpoint.url
    profiles(f'[profiles.here]\nbase_url = "{url}"\nlocal = true\nstart = "serve it"')
    async with at_home(folder) as desk:
        await choose_policy(desk, "here")
        assert "no server runs; start one: serve it" in desk.fault("#policy-fault")
        assert "ctrl+r asks again" in said_of_models(desk)
        with serving(int(url.split(":")[2].removesuffix("/v1"))):
            desk.app.screen.query_one("#model").focus()
            await desk.press("ctrl+r")
            assert desk.fault("#policy-fault") == ""
            assert said_of_models(desk) == "↑↓ small  large"


@pytest.mark.parametrize(
    ("model", "text", "why"),
    [
        ("", "warm", "temperature: 'warm' is not a number from 0 on; leave it empty for the profile's"),
        ("", "-1", "temperature: '-1' is not a number from 0 on"),
        ("o3-mini", "0.5", "o3-mini reasons and takes no temperature: leave it empty"),
    ],
)
async def test_a_temperature_that_cannot_be_is_said_and_nothing_starts(
    folder: Path, profiles: Callable[[str], None], model: str, text: str, why: str
) -> None:
    profiles("")
    async with at_home(folder) as desk:
        await choose_policy(desk, "openai")
        await fill(desk, "model", model)
        await fill(desk, "temperature", text)
        await fill(desk, "task", "put:7")
        assert why in desk.fault("#model-fault")
        await desk.press("ctrl+s")
        assert desk.app.runs == []


async def test_the_expert_has_no_model_and_what_was_written_for_another_policy_is_forgotten(
    folder: Path, profiles: Callable[[str], None]
) -> None:
    profiles("")
    async with at_home(folder) as desk:
        await choose_policy(desk, "openai")
        await fill(desk, "model", "other")
        await fill(desk, "temperature", "warm")
        desk.app.screen.query_one("#policy", Select).value = "expert"
        await desk.settle()
        assert not desk.app.screen.query_one("#model").is_on_screen
        await fill(desk, "task", "put:7")
        await desk.press("ctrl+s")
        assert desk.app.runs == [Settings("household", "put:7", "expert")]


async def test_a_model_that_can_chat_is_offered_first_and_a_server_without_one_says_so(
    folder: Path, profiles: Callable[[str], None]
) -> None:
    with serving() as endpoint:
        endpoint.models = ["text-embedding-small", "large"]
        profiles(f"[profiles.here]\nbase_url = '{endpoint.url}'\nlocal = true")
        async with at_home(folder) as desk:
            await choose_policy(desk, "here")
            assert said_of_models(desk) == "↑↓ large  text-embedding-small"
            assert desk.app.screen.query_one("#model", Input).placeholder == "large"
            endpoint.models = ["text-embedding-small"]
            desk.app.screen.query_one(model_chooser.ModelChooser).action_ask()
            await desk.settle()
            assert said_of_models(desk) == "↑↓ text-embedding-small"
            assert "no model that can chat, only text-embedding-small" in desk.fault("#policy-fault")
