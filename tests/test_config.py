"""The user's `config.toml`: lines of keys, and what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from recode_core.config import SCREEN_KEYS, BadConfig, line_of, read
from recode_tui.config import SETTINGS

TEXT = """\
theme = "x"
many = [
  1,
  2,
]

[layout]
left = 3

[profiles.a]
model = "b"
timeouts = { first = 1 }
layout = 1
"""


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("theme",), 1),
        (("many",), 5),
        (("layout",), 7),
        (("layout", "left"), 8),
        (("profiles", "a", "timeouts", "first"), 12),
        (("profiles", "a", "layout"), 13),
        (("profiles", "a", "missing"), 10),
        (("profiles", "b"), 10),
        (("missing",), 1),
    ],
)
def test_a_key_has_the_line_on_which_it_is_complete(keys: tuple[str, ...], line: int) -> None:
    assert line_of(TEXT, *keys) == line


def test_dotted_and_quoted_keys_have_lines() -> None:
    assert line_of('\nlayout.left = 3\n"layout".right = 4\n', "layout", "right") == 3


def test_a_missing_file_is_empty(tmp_path: Path) -> None:
    assert read(tmp_path / "config.toml").table == {}


@pytest.mark.parametrize(
    ("data", "says"), [(b"\xff", "byte 0 is not UTF-8"), (b"a = \n", "not TOML: .*line 1")]
)
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "config.toml").write_bytes(data)
    with pytest.raises(BadConfig, match=says):
        read(tmp_path / "config.toml")


def test_the_core_knows_which_keys_are_those_of_the_screen() -> None:
    assert {setting.name.partition(".")[0] for setting in SETTINGS} | {"keys"} == set(SCREEN_KEYS)
