"""The settings of the screen in `config.toml`, and what is remembered beside them."""

from __future__ import annotations

import string
import tomllib
from pathlib import Path

import pytest
from textual.keys import _character_to_key

from recode_core.config import ConfigFile, config_path
from recode_tui import config, preferences, session_sources
from recode_tui._textual.app import ErrorHandlingApp
from recode_tui.app import RecodeApp
from recode_tui.config import SETTINGS, Config
from recode_tui.debug import keys
from recode_tui.debug.panels.console import ConsolePanel
from recode_tui.debug.panels.environment import EnvironmentPanel
from recode_tui.debug.panels.plan import PlanPanel
from recode_tui.debug.panels.timeline import TimelinePanel
from recode_tui.debug.panels.variables import VariablesPanel
from recode_tui.debug.screen import DebugScreen
from recode_tui.help_screen import HelpScreen
from recode_tui.preferences import Preferences
from recode_tui.themes import DARK, LIGHT
from recode_tui.widgets.row_list import RowList
from recode_tui.widgets.text_view import TextView
from tests.tui.debug.debugger_pilot import DebuggerPilot

SAMPLE = Path(__file__).parents[2] / "sessions" / "household-mended.jsonl"


def write(text: str) -> None:
    config_path().parent.mkdir(parents=True, exist_ok=True)
    config_path().write_text(text, "utf-8")


def of(text: str) -> Config:
    return config.checked(ConfigFile(Path("config.toml"), text, tomllib.loads(text)))


def uncommented(text: str) -> str:
    """A file of ours with each setting taken out of its comment."""
    lines = text.partition("# Models")[0].splitlines()
    names = {setting.name.rpartition(".")[2] for setting in SETTINGS} | set(keys.BY_NAME)
    return "\n".join(
        line.removeprefix("# ") if line.removeprefix("# ").partition(" = ")[0] in names else line
        for line in lines
    )


# the file


def test_without_a_file_there_are_the_defaults() -> None:
    assert config.load() == Config()
    assert (config.load()["bell"], config.load()["bell_after"]) == (False, 10)


def test_the_first_file_sets_nothing_and_its_comments_are_the_defaults() -> None:
    text = config.text(Config())
    assert of(text) == Config()
    found = of(uncommented(text))
    assert found.problems == ()
    assert found.given == {setting.name: setting.default for setting in SETTINGS}
    assert found.keys == {name: key.default for name, key in keys.BY_NAME.items()}


def test_what_is_given_is_kept_in_the_printed_file() -> None:
    keys = '[keys]\nstep = ["!", "ctrl+n"]\nfailure = "f8"\n'
    found = of(f'theme = "recode-light"\nbell_after = 2.5\n[layout]\nleft = 30\n{keys}')
    assert found.problems == ()
    assert found.keys == {"step": "exclamation_mark,ctrl+n", "failure": "f8"}
    assert of(config.text(found)) == found


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('\nthem = "x"', "line 2: unknown key 'them'; did you mean 'theme'?"),
        ('theme = "nope"', "line 1: theme is one of recode-dark, recode-light, "),
        ("bell = 1", "line 1: bell is true or false, not 1"),
        ("bell_after = -1", "line 1: bell_after is a number of seconds from 0, not -1"),
        ("bell_after = nan", "line 1: bell_after is a number"),
        ("layout = 3", "line 1: layout is a table [layout]"),
        ("[layout]\n\nleft = 10", "line 3: layout.left is a whole number from 20 to 80, not 10"),
        ("[layout]\nleft = true", "line 2: layout.left is a whole number"),
        ("[layout]\nleff = 30", "line 2: unknown key 'layout.leff'; did you mean 'layout.left'?"),
        ("keys = 3", "line 1: keys is a table [keys]"),
        ('[keys]\nstp = "a"', "line 2: unknown key 'keys.stp'; did you mean 'keys.step'?"),
        ('[keys]\nstep = "no such"', 'line 2: step is a key such as "s", "!", "f5" or "ctrl+n"'),
        ("[keys]\nstep = []", "line 2: step is a key"),
        ("[keys]\nstep = 3", "line 2: step is a key"),
        ('[keys]\n\nstep = "n"', "line 3: 'n' cannot be the key of step: it is that of next"),
        (
            '[keys]\nstep = "j"',
            "line 2: 'j' cannot be the key of step: it is one of lists",
        ),
    ],
)
def test_what_is_wrong_is_told_with_line_and_key_and_has_its_default(text: str, problem: str) -> None:
    found = of(text)
    assert len(found.problems) == 1
    assert found.problems[0].startswith(f"config.toml, {problem}")
    assert (found.given, found.keys) == ({}, {})


def test_what_is_right_holds_beside_what_is_wrong() -> None:
    found = of('bell = true\ntitle = 3\n[keys]\nstep = "u"\nnext = "f"\n')
    assert (found.given, found.keys) == ({"bell": True}, {"step": "u"})
    assert len(found.problems) == 2


def test_two_keys_can_be_exchanged() -> None:
    found = of('[keys]\nstep = "n"\nnext = "s"\n')
    assert (found.keys, found.problems) == ({"step": "n", "next": "s"}, ())


def test_a_key_that_is_refused_makes_no_conflict_that_stays() -> None:
    found = of('[keys]\nstep = "n"\nnext = "j"\n')
    assert found.keys == {} and len(found.problems) == 2


def test_profiles_are_not_settings_of_the_screen() -> None:
    assert of("[profiles.a]\nbase_url = 3\n") == Config()


def test_the_keys_of_panels_and_of_the_app_are_reserved() -> None:
    owners = (RowList, TextView, PlanPanel, EnvironmentPanel, VariablesPanel, TimelinePanel, ConsolePanel)
    bound = {
        key
        for owner in (*owners, RecodeApp, ErrorHandlingApp)
        for binding in owner.__dict__.get("BINDINGS", ())
        for key in binding.key.split(",")
    }
    assert bound - {"escape"} <= keys.PANEL_KEYS


# what is remembered


def test_the_file_wins_over_what_is_remembered() -> None:
    preferences.save_theme(LIGHT.name)
    preferences.save_layout(Preferences(left=30, upper=50, is_zoomed=True))
    assert preferences.load().left == 30
    write('theme = "ansi-dark"\n[layout]\nleft = 60\nzoomed = false\n')
    found = preferences.load()
    assert (found.theme, found.left, found.upper, found.is_zoomed) == ("ansi-dark", 60, 50, False)


def test_what_the_file_gives_is_not_remembered() -> None:
    preferences.save_layout(Preferences(left=30))
    write("[layout]\nleft = 60\n")
    preferences.save_layout(Preferences(left=70, upper=50))
    write("")
    assert (preferences.load().left, preferences.load().upper) == (30, 50)


def test_a_reset_forgets_the_sizes_alone() -> None:
    preferences.save_theme(LIGHT.name)
    preferences.save_hint("code")
    preferences.save_layout(Preferences(left=30, lines=9, is_zoomed=True))
    write("[layout]\nupper = 50\n")
    assert preferences.reset_sizes() == Preferences(LIGHT.name, upper=50, is_zoomed=True, hints=("code",))


# the app


async def test_the_app_starts_with_the_theme_of_the_file(tmp_path: Path) -> None:
    preferences.save_theme(DARK.name)
    write(f'theme = "{LIGHT.name}"')
    app = RecodeApp(tmp_path)
    async with app.run_test(notifications=True) as pilot:
        assert app.theme == LIGHT.name
        app.theme = DARK.name
        await pilot.pause()
        assert "config.toml sets the theme: it is recode-light again at the next start" in " ".join(
            notice.message for notice in app._notifications
        )
    assert RecodeApp(tmp_path).theme == LIGHT.name


async def test_a_wrong_file_is_told_at_the_start_which_has_the_defaults(tmp_path: Path) -> None:
    write('theme = "nope"\nbell = 1\n')
    app = RecodeApp(tmp_path)
    async with app.run_test(notifications=True) as pilot:
        await pilot.pause()
        (notice,) = app._notifications
        assert f"{config_path()}, line 1: theme is one of" in notice.message
        assert "line 2: bell is true or false" in notice.message
        assert app.theme == DARK.name


async def test_the_users_keys_act_and_are_shown_in_footer_help_titles_and_messages(tmp_path: Path) -> None:
    write('[keys]\nstep = "u"\nback = "U"\nplan = "f6"\ncontinue_in_copy = "ctrl+n"\n')
    app = RecodeApp(tmp_path, session_sources.recording(SAMPLE))
    try:
        async with app.run_test(size=(120, 40)) as pilot:
            ui = DebuggerPilot(app, pilot)
            await ui.until(lambda: isinstance(app.screen, DebugScreen))
            await ui.settle()
            last = ui.frame.n
            assert "u step" in ui.footer and "ctrl+n go on in a copy" in ui.footer
            assert "─ f6 Plan ─" in ui.seen
            await ui.press("S")
            assert ui.frame.n == last
            await ui.press("U")
            assert ui.frame.n < last
            await ui.press("u")
            assert ui.frame.n == last
            await ui.press("s")
            assert ui.frame.n == last
            await ui.press("e")
            assert "ctrl+n goes on from here in a copy" in ui.footer
            await ui.hit("question_mark")
            await ui.until(lambda: isinstance(app.screen, HelpScreen) and bool(app.screen.entries))
            assert isinstance(app.screen, HelpScreen)
            assert ("u", "to the next stop point") in {(each.name, each.text) for each in app.screen.entries}
            await ui.hit("escape")
            ui.screen.engine.close()
    finally:
        keys.use({})


def test_signs_have_the_names_that_textual_gives_their_keys() -> None:
    for sign in string.punctuation:
        assert keys.name_of(sign) == _character_to_key(sign)
        assert keys.sign_of(keys.name_of(sign)) == sign
    for name in ("a", "Z", "0", "f5", "tab", "space", "ctrl+n", "pageup"):
        assert keys.name_of(name) == keys.sign_of(name) == name
