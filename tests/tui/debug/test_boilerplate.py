"""Imports, modules and the arguments of the root stand back behind what the agent decides."""

from __future__ import annotations

from recode_tui.debug.panels.plan import PlanPanel
from recode_tui.debug.panels.variables import VariablesPanel
from recode_tui.widgets.glyph import Tone
from recode_tui.widgets.row_list import RowList
from tests.tui.debug.conftest import ROOT, OpenScreen, ScriptRun

CODE = {
    ROOT: "import re\nx = 1\nfor n in range(2):\n    run('look')\nfind(x)\nif x:\n    x = 2\ny = run('wait')",
    "find(x)": "from math import sqrt\nobservation = run('go')",
}
ANSWERS = {"look": "A door.", "go": "You went.", "wait": "Time passes."}


def tones(panel: RowList) -> dict[str, Tone]:
    """The tone of each text of the rows."""
    width = panel.scrollable_content_region.width
    return {
        text.strip(): tone
        for row in range(panel.count())
        for text, tone in panel.parts(row, width)
        if text.strip()
    }


async def test_imports_are_quieter_than_code_and_this_than_placeholders_and_actions(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run(CODE, ANSWERS)) as ui:
        await ui.press("c")
        found = tones(ui.screen.query_one(PlanPanel))
        assert {text: found[text] for text in ("import re", "from math import sqrt")} == {
            "import re": "faint",
            "from math import sqrt": "faint",
        }
        assert found["x = 1"] == found["if x:"] == "quiet"
        assert found["find(x)"] == found["for n in range(2):"] == found["y = run('wait')"] == "plain"


async def test_a_current_import_is_marked_as_any_statement(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run(CODE, ANSWERS)) as ui:
        await ui.press("s", "s")
        assert ui.at == ("statement", "0.0")
        assert tones(ui.screen.query_one(PlanPanel))["import re"] == "now"


async def test_arguments_and_modules_are_the_last_variables(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run(CODE, ANSWERS)) as ui:
        await ui.command("until 0.1")
        rows = [line[1:].split()[0] for line in ui.panel("variables").split("\n")[1:4]]
        assert rows == ["instruction", "observation", "re"]
        await ui.command("until 0.3")
        rows = [line[1:].split()[0] for line in ui.panel("variables").split("\n")[1:6]]
        assert rows == ["n", "x", "instruction", "observation", "re"]
        found = tones(ui.screen.query_one(VariablesPanel))
        assert [found[name] for name in rows] == ["plain", "plain", "quiet", "quiet", "faint"]


async def test_an_argument_that_code_changes_is_a_variable_like_others(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run(CODE, ANSWERS)) as ui:
        await ui.command("until 0.4")
        rows = [line[1:].split()[0] for line in ui.panel("variables").split("\n")[1:]]
        assert rows[0] == "observation"
        assert rows.index("instruction") > rows.index("x")


async def test_the_cursor_stays_on_its_variable_while_others_change(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run("a = 1\nb = 2\nc = 3\nd = 4")) as ui:
        await ui.command("until 0.2")
        await ui.press("4", "down")
        variables = ui.screen.query_one(VariablesPanel)
        assert variables.bound is not None and variables.bound.variable is not None
        name = variables.bound.variable.name
        await ui.press("n", "n")
        assert variables.bound is not None and variables.bound.variable is not None
        assert variables.bound.variable.name == name
