from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from recode_core.interpreter import Interpreter, SandboxLimits

QUICK = SandboxLimits(seconds=0.3, memory_mb=64)


@pytest.fixture
def sandbox() -> Iterator[Callable[..., Interpreter]]:
    """Makes interpreters, and closes them when the test is over."""
    with ExitStack() as stack:
        yield lambda limits=QUICK: stack.enter_context(closing(Interpreter(limits)))


@pytest.fixture
def interpreter(sandbox: Callable[..., Interpreter]) -> Interpreter:
    """An interpreter with tight limits."""
    return sandbox()
