"""The tree of a session with all its branches as a `networkx.DiGraph`, for analysis in other tools.

Each branch has its own nodes, with keys "branch:node". Edges of kind `child` have an `order`. An edge of kind
`fork` connects the node at which a branch forked to the same node on the branch.
"""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from recode_core.errors import RecodeError
from recode_core.files import write_new
from recode_core.log import Log
from recode_core.timeline import Moment
from recode_core.timeline.all_branches import timelines
from recode_core.timeline.nodes import Node

if TYPE_CHECKING:
    import networkx as nx

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Attribute = str | int | float


def to_graph(log: Log) -> nx.DiGraph[str]:
    """The graph of a session. Unknown values (such as a cost) are omitted from a node's attributes."""
    import networkx as nx  # slow to import

    graph: nx.DiGraph[str] = nx.DiGraph()
    forks: dict[str, str] = {}
    for branch, timeline in timelines(log):
        started = log.branches[branch]
        left_at = timeline.tree.place_at(started.at) if started is not None else None
        forks[branch] = left_at.node if left_at is not None else "0"
        _add_tree(graph, branch, timeline.end)
    for branch, started in log.branches.items():
        if started is None:
            continue
        ends = f"{started.parent}:{forks[branch]}", f"{branch}:{forks[branch]}"
        if all(end in graph for end in ends):
            graph.add_edge(*ends, kind="fork", at=started.at, reason=started.reason)
    return graph


def to_graphml(graph: nx.DiGraph[str]) -> str:
    """The graph as GraphML. Characters that XML does not allow are removed, and escaped in node keys."""
    import networkx as nx

    fit: nx.DiGraph[str] = nx.DiGraph()
    keys = {key: _NOT_XML.sub(_escape, key) for key in graph}
    fit.add_nodes_from((keys[key], _without_controls(data)) for key, data in graph.nodes(data=True))
    fit.add_edges_from((keys[a], keys[b], _without_controls(data)) for a, b, data in graph.edges(data=True))
    file = BytesIO()
    nx.write_graphml_xml(fit, file)
    return file.getvalue().decode()


def to_json(graph: nx.DiGraph[str]) -> str:
    """The graph as node-link JSON."""
    import networkx as nx

    return json.dumps(nx.node_link_data(graph, edges="edges"), ensure_ascii=False)


FORMATS = {"graphml": to_graphml, "json": to_json}
"""The formats by name, which is also their file extension."""


def write(log: Log, path: Path, form: str = "") -> None:
    """Write the graph of a session to a new file, in the format `form` or that of the file's extension.

    Raises RecodeError if the file exists; a device or a pipe may be written.
    """
    form = form or path.suffix.removeprefix(".")
    if form not in FORMATS:
        raise RecodeError(f"unknown format of {path.name!r} (available: .{', .'.join(FORMATS)})")
    write_new(path, FORMATS[form](to_graph(log)))


def _add_tree(graph: nx.DiGraph[str], branch: str, moment: Moment) -> None:
    for node in moment.nodes.values():
        graph.add_node(f"{branch}:{node.id}", **_attributes(branch, node))
    for node in moment.nodes.values():
        for order, child in enumerate(node.children):
            graph.add_edge(f"{branch}:{node.id}", f"{branch}:{child}", kind="child", order=order)


def _attributes(branch: str, node: Node) -> dict[str, Attribute]:
    names = (
        *("text", "status", "kind", "attempt", "thought", "code", "by", "actions", "calls", "tokens"),
        *("refusals", "refusal"),
    )
    found: dict[str, Attribute] = {"branch": branch, "node": node.id}
    found |= {name: getattr(node, name) for name in names}
    return found if node.cost_usd is None else {**found, "cost_usd": node.cost_usd}


def _escape(sign: re.Match[str]) -> str:
    """Escape a character so that different keys stay different."""
    return f"\\u{ord(sign[0]):04x}"


def _without_controls(attributes: dict[str, Attribute]) -> dict[str, Attribute]:
    return {
        name: _NOT_XML.sub("", value) if isinstance(value, str) else value
        for name, value in attributes.items()
    }
