"""Python is parsed from any thread, and quietly."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator

import pytest

from recode_core import syntax
from tests.support.waiting import PATIENCE

CODE = "x = run('go to shelf 1')\n" * 200


@pytest.fixture
def hasty_switches() -> Iterator[None]:
    """Threads take turns, and garbage is collected, as often as can be."""
    interval, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(100)
    yield
    sys.setswitchinterval(interval)
    gc.set_threshold(*thresholds)


class Unreachable:
    """Part of a cycle, so that a collection in the midst of parsing runs Python code."""

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        sum(range(100))


def test_threads_that_parse_at_once_all_get_their_trees(hasty_switches: None) -> None:
    parsed: list[int] = []
    failed: list[BaseException] = []

    def parse() -> None:
        try:
            for _ in range(40):
                Unreachable()
                parsed.append(len(syntax.parse(CODE).body))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=parse) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert failed == []
    assert parsed == [200] * 320


def test_odd_escapes_are_no_warning() -> None:
    assert len(syntax.parse(r"pattern = '\d'").body) == 1


@pytest.mark.parametrize(
    ("text", "value"), [("[1, 'a']", [1, "a"]), (" -3", -3), ("{'a': (1.5, None)}", {"a": (1.5, None)})]
)
def test_a_literal_has_its_value(text: str, value: object) -> None:
    assert syntax.literal(text) == value


@pytest.mark.parametrize("text", ["x", "1 +", "'\0'", "(" * 5000 + ")" * 5000, "{[]: 1}", "'\ud800'"])
def test_what_is_no_literal_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        syntax.literal(text)
