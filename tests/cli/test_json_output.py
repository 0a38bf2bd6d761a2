from __future__ import annotations

import json

import msgspec
import pytest

from recode_core.environments import registry
from recode_core.environments.environment import Task
from recode_tui.cli.tasks import tasks
from recode_tui.text import json_text

ODD = "a\x1b[31m\x85\u202e\u2066\u200f\ufeff\U000e0041\u2028b é 日 \U0001f600"


def test_json_shows_no_control_or_direction_character_and_says_the_same() -> None:
    shown = json_text(msgspec.json.encode([ODD]))
    assert json.loads(shown) == [ODD]
    assert shown.isprintable() and "é 日 \U0001f600" in shown


def test_the_tasks_of_a_stranger_cannot_act_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Odd:
        def tasks(self, split: str | None) -> list[Task]:
            return [Task(ODD, ODD)]

    monkeypatch.setattr(registry, "environment", lambda name: Odd())
    tasks("odd", as_json=True)
    shown = capsys.readouterr().out.rstrip("\n")
    assert json.loads(shown)[0]["id"] == ODD and shown.isprintable()
