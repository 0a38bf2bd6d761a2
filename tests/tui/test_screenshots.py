"""The pictures that are kept are those that the app draws, and every text in them can be read."""

from __future__ import annotations

import pytest

from tests.screenshots import PICTURES, SCENES, SIZES, draw, file_of
from tests.tui.contrast import check, pairs


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
@pytest.mark.parametrize("name", SCENES)
async def test_a_picture_is_what_the_app_draws(name: str, size: tuple[int, int]) -> None:
    """After a change that is meant, `python -m tests.screenshots` writes them again; look at them then."""
    drawn = await draw(name, size, lambda app: check(pairs(app)))
    for file, svg in drawn.items():
        assert svg == (PICTURES / file).read_text("utf-8"), (
            f"{file} differs: python -m tests.screenshots {name}"
        )


def test_every_picture_has_its_scene_and_shows_nothing_of_the_machine() -> None:
    kept = {path.name: path.read_text("utf-8") for path in PICTURES.glob("*.svg")}
    assert set(kept) == {
        file_of(name, size, theme) for name in SCENES for size in SIZES for theme in ("dark", "light")
    }
    assert not [name for name, svg in kept.items() if "/tmp" in svg or "://" in svg.replace(_XML, "")]


_XML = "http://www.w3.org/2000/svg"
