"""The samples in `sessions/` that no command makes; its README says how the others were made.

python -m tests.samples [NAME ...]
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from recode_core import api
from recode_core.executor import Limits
from recode_core.export.published import import_results
from recode_core.export.published.results import VERSION
from recode_core.policies.policy import Request
from recode_core.testing import reply

SESSIONS = Path(__file__).parents[1] / "sessions"

_WINGS, _ROOMS, _SHELVES, _FILLED = 10, 10, 48, 3


def large(path: Path) -> None:
    """A round through 10 wings of 10 rooms, by a policy that is a function: about 5,000 nodes.

    In each room it wants to look at 48 shelves and fails after 3, so that most nodes are never run and the
    file stays small.
    """

    def visitor(request: Request) -> str:
        if request.repair:
            return reply("pass", f"This room has only {_FILLED} shelves.")
        if request.statement.startswith("visit_room("):
            return reply(
                "\n".join(f"assert {shelf} < {_FILLED}" for shelf in range(_SHELVES)), "All shelves."
            )
        if request.statement.startswith("visit_wing("):
            return reply("\n".join(f"visit_room({room})" for room in range(_ROOMS)), "Room by room.")
        return reply("\n".join(f"visit_wing({wing})" for wing in range(_WINGS)), "Wing by wing.")

    limits = Limits(calls=None, episode_repairs=None)
    api.run("household", "put:7", policy=visitor, limits=limits, session=path)


def imported(path: Path) -> None:
    """A results.json in the layout of the published code, of a run of the expert, and the import of it."""
    run = api.run("household", "puttwo:3")
    tree = run.timeline.end
    seen = {
        node: [action.observation.text for action in run.timeline.actions.of_node(node, tree.n)]
        for node in tree.nodes
    }
    nodes = {
        node.id: {
            "code": node.text,
            "thought": node.thought,
            "status": "STUB"
            if node.kind == "placeholder"
            else "COMPLETED"
            if node.status == "done"
            else "PENDING",
            "observations": [] if node.kind == "placeholder" else seen[node.id],
        }
        for node in tree.nodes.values()
    }
    edges = [(node.id, child) for node in tree.nodes.values() for child in node.children]
    meta = {"env_name": "household", "task_type": "puttwo", "max_depth": 10}
    plan = {"version": VERSION, "root_id": "0", "nodes": nodes, "edges": edges, "meta": meta}
    result = {
        "instance_id": 3,
        "success": True,
        "reward": 1,
        "steps": run.result.steps,
        "cost": 0.0,
        "tree": plan,
    }
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.json"
        results.write_text(json.dumps({"instances": [result]}))
        import_results(results, Path(folder) / "sessions").paths[0].rename(path)


MADE: dict[str, Callable[[Path], None]] = {"large": large, "imported-results": imported}


if __name__ == "__main__":
    for name in sys.argv[1:] or MADE:
        file = SESSIONS / f"{name}.jsonl"
        file.unlink(missing_ok=True)
        MADE[name](file)
        print(f"{file.name}: {file.stat().st_size:,} bytes")
