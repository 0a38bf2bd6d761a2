"""The pictures that are kept are those that the app draws, and every text in them can be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from _pytest.mark import ParameterSet
from rich.color import ColorSystem
from textual.app import App

from tests.screenshots import PICTURES, SCENES, SIZES, draw, file_of
from tests.tui.contrast import check, pairs

QUICK = {"home", "loop", "failure", "compare"}
"""The scenes of which one picture is compared outside the slow tests: a screen of each kind."""


def _pictures() -> Iterator[ParameterSet]:
    for name in SCENES:
        for size in SIZES:
            is_slow = name not in QUICK or size != SIZES[0]
            marks = [pytest.mark.slow] if is_slow else []
            if name == "editor":  # on a slow machine the colours of its first line differ, with the same text
                marks = [pytest.mark.exhaustive]
            yield pytest.param(name, size, marks=marks, id=f"{name}-{size[0]}x{size[1]}")


@pytest.mark.parametrize(("name", "size"), [*_pictures()])
async def test_a_picture_is_what_the_app_draws(name: str, size: tuple[int, int]) -> None:
    """After a change that is meant, `python -m tests.screenshots` writes them again; look at them then."""
    drawn = await draw(name, size, _check_contrast)
    for file, svg in drawn.items():
        assert svg == (PICTURES / file).read_text("utf-8"), (
            f"{file} differs: python -m tests.screenshots {name}"
        )


def _check_contrast(app: App[Any]) -> None:
    """Every text can be read, with 256 colours as well."""
    for depth in (ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT):
        check(pairs(app, depth=depth))


def test_every_picture_has_its_scene_and_shows_nothing_of_the_machine() -> None:
    kept = {path.name: path.read_text("utf-8") for path in PICTURES.glob("*.svg")}
    assert set(kept) == {
        file_of(name, size, theme) for name in SCENES for size in SIZES for theme in ("dark", "light")
    }
    assert not [name for name, svg in kept.items() if "/tmp" in svg or "://" in svg.replace(_XML, "")]


_XML = "http://www.w3.org/2000/svg"
