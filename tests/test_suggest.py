"""Unknown names are answered with the known one that was probably meant."""

from __future__ import annotations

import pytest

from recode_core.errors import RecodeError
from recode_core.suggest import closest, unknown, unknown_name

KNOWN = ("household", "alfworld", "webshop")


@pytest.mark.parametrize(
    ("name", "meant"),
    [("houshold", "household"), ("HouseHold", "household"), ("alfword", "alfworld"), ("moon", ""), ("", "")],
)
def test_the_closest_name_is_found(name: str, meant: str) -> None:
    assert closest(name, KNOWN) == meant


def test_the_message_has_the_closest_name_and_the_list() -> None:
    listed = "(available: household, alfworld, webshop)"
    assert unknown("world", "webshp", KNOWN) == f"unknown world 'webshp'; did you mean 'webshop'? {listed}"
    assert unknown("world", "moon", KNOWN) == f"unknown world 'moon' {listed}"
    assert unknown("world", "moon", ()) == "unknown world 'moon' (available: none)"
    assert unknown("world", "moon", KNOWN, " (see there)") == "unknown world 'moon' (see there)"


def test_the_error_knows_the_correction() -> None:
    assert unknown_name(RecodeError, "world", "webshp", KNOWN).correction == ("webshp", "webshop")
    assert unknown_name(RecodeError, "world", "moon", KNOWN).correction is None
