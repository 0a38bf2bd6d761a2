"""What the debugger waits for is held as a value: an action, a reset, a restore's replay."""

from __future__ import annotations

from recode_core.debugger.debugger import Debugger
from recode_core.executor import Limits
from recode_core.testing import RunWiring, scripted_policy
from recode_core.values import Observation

CODE = "run('one')\nrun('two')\nrun('three')"


class WatchedWorld:
    """Notes what its debugger waits for whenever it is asked something."""

    instruction = "echo"
    step_limit = 100

    def __init__(self, debuggers: list[Debugger], seen: list[tuple[str, str, int, int]]) -> None:
        self._debuggers = debuggers
        self._seen = seen

    def reset(self) -> Observation:
        self._note()
        return Observation("ready")

    def step(self, action: str) -> Observation:
        self._note()
        return Observation(action)

    def close(self) -> None:
        """Nothing is held."""

    def _note(self) -> None:
        for debugger in self._debuggers:
            wait = debugger.waits_for
            assert wait is not None
            self._seen.append((wait.kind, wait.name, wait.done, wait.total))


def test_each_call_of_the_environment_is_named_and_a_restore_counts_its_actions() -> None:
    debuggers: list[Debugger] = []
    seen: list[tuple[str, str, int, int]] = []
    wiring = RunWiring(
        lambda: scripted_policy([CODE]), lambda: WatchedWorld(debuggers, seen), limits=Limits(repairs=0)
    )
    with wiring.debugger() as debugger:
        debuggers.append(debugger)
        debugger.resume()
        assert seen == [
            ("environment", "", 0, 0),
            ("environment", "one", 0, 0),
            ("environment", "two", 0, 0),
            ("environment", "three", 0, 0),
        ]
        assert debugger.waits_for is None
        seen.clear()
        while debugger.stop.kind != "action":
            debugger.back()
        debugger.action("four")
        assert seen[:3] == [("replay", "", 0, 2), ("replay", "", 0, 2), ("replay", "", 1, 2)]
        assert debugger.waits_for is None
