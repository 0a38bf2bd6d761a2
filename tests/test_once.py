from __future__ import annotations

import threading

import pytest

from recode_core.once import Once, once
from tests.support.waiting import PATIENCE


def test_threads_that_ask_at_once_get_the_one_value() -> None:
    entered = threading.Event()
    made: list[str] = []
    got: list[object] = []

    @once
    def make(name: str) -> object:
        entered.set()
        assert together.wait(PATIENCE) >= 0
        made.append(name)
        return object()

    together = threading.Barrier(2)
    threads = [threading.Thread(target=lambda: got.append(make("a"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert entered.wait(PATIENCE)
    together.wait(PATIENCE)
    for thread in threads:
        thread.join(PATIENCE)
    assert made == ["a"]
    assert len(got) == 4
    assert len(set(map(id, got))) == 1


def test_an_error_is_not_kept() -> None:
    tries: list[int] = []

    @once
    def make() -> int:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("not yet")
        return 7

    with pytest.raises(OSError, match="not yet"):
        make()
    assert (make(), make(), len(tries)) == (7, 7, 2)


def test_only_so_many_are_kept() -> None:
    made: list[int] = []

    def make(number: int) -> int:
        made.append(number)
        return number

    get = Once(make, most=1)
    for number in (1, 1, 2, 2, 1):
        assert get(number) == number
    assert made == [1, 2, 1]
    get.cache_clear()
    assert get(1) == 1
    assert made == [1, 2, 1, 1]
