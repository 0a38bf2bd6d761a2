"""A session as a graph, and the graph in two formats that others read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import networkx as nx
import pytest

from recode_core.debugger.debugger import Debugger
from recode_core.events import BranchStarted, Place, StatementReached
from recode_core.graph import to_graph, to_graphml, to_json
from recode_core.log import Log
from recode_core.policies.policy import Reply, Request
from recode_core.policies.reply import ParsedReply
from recode_core.testing import expert_wiring
from recode_core.timeline import Timeline
from recode_core.values import Span, Usage


@pytest.fixture
def at_home() -> Iterator[Debugger]:
    """A household run that is solved, with a branch on which the user found the thing otherwise."""
    debugger = expert_wiring("put:7", restoration="replay").debugger()
    debugger.resume()
    debugger.goto("0.7")
    debugger.edit("0.7", "run('look')\nobj_ID = 'cd 2'")
    debugger.resume()
    yield debugger
    debugger.close()


def _children(graph: nx.DiGraph[str], key: str) -> list[str]:
    edges = [(data["order"], b) for _, b, data in graph.out_edges(key, data=True) if data["kind"] == "child"]
    return [child for _, child in sorted(edges)]


def _branch(graph: nx.DiGraph[str], branch: str) -> list[str]:
    return [key for key, attributes in graph.nodes(data=True) if attributes["branch"] == branch]


def test_every_node_of_every_branch_is_in_the_graph_with_what_it_took(at_home: Debugger) -> None:
    graph = to_graph(at_home.log)
    for branch in ("main", "edit-1"):
        tree = Timeline(at_home.log.line(branch)).end
        assert _branch(graph, branch) == [f"{branch}:{node}" for node in tree.nodes]
        for node in tree.nodes.values():
            found = graph.nodes[f"{branch}:{node.id}"]
            assert (found["text"], found["status"], found["kind"]) == (node.text, node.status, node.kind)
            assert (found["code"], found["thought"]) == (node.code, node.thought)
            took = (node.actions, node.calls, node.tokens, node.cost_usd)
            assert (found["actions"], found["calls"], found["tokens"], found["cost_usd"]) == took
            assert _children(graph, f"{branch}:{node.id}") == [f"{branch}:{child}" for child in node.children]


def test_each_branch_is_a_tree(at_home: Debugger) -> None:
    graph = to_graph(at_home.log)
    for branch in ("main", "edit-1"):
        assert nx.is_arborescence(graph.subgraph(_branch(graph, branch)))
    assert nx.is_directed_acyclic_graph(graph)


def test_a_fork_leads_from_the_node_where_the_branch_began_with_its_reason(at_home: Debugger) -> None:
    forks = [edge for edge in to_graph(at_home.log).edges(data=True) if edge[2]["kind"] == "fork"]
    (fork,) = forks
    assert fork[:2] == ("main:0.7", "edit-1:0.7")
    started = at_home.log.branches["edit-1"]
    assert started is not None
    assert (fork[2]["at"], fork[2]["reason"]) == (started.at, started.reason)


def test_a_branch_from_the_very_beginning_has_no_node_to_lead_from() -> None:
    log = Log()
    log.fork(-1, "undone", "before anything")
    assert to_graph(log).number_of_nodes() == 0


def test_what_is_unknown_is_left_out(make_run: Callable[..., Any]) -> None:
    class Priceless:
        """A policy whose price nobody knows."""

        model = "priceless"

        def __init__(self) -> None:
            self.sampling: dict[str, str | float | int] = {}

        def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
            return Reply(str(ParsedReply("a reason", "x = 1")), usage=Usage(3, cost_usd=None))

        def abort(self) -> None:
            """Nothing is under way."""

    played = make_run(policy=Priceless())
    played.to_end()
    graph = to_graph(played.log)
    assert "cost_usd" not in graph.nodes["main:0"]
    assert graph.nodes["main:0.0"]["cost_usd"] == 0.0
    assert "cost_usd" not in _read(to_graphml(graph)).nodes["main:0"]


def _read(text: str) -> nx.Graph[str]:
    return nx.read_graphml(BytesIO(text.encode()))


def _content(graph: nx.Graph[str]) -> list[object]:
    return [graph.is_directed(), *graph.nodes(data=True), *graph.edges(data=True)]


def test_graphml_round_trips(at_home: Debugger) -> None:
    graph = to_graph(at_home.log)
    assert _content(_read(to_graphml(graph))) == _content(graph)


def test_node_link_json_round_trips(at_home: Debugger) -> None:
    graph = to_graph(at_home.log)
    data = json.loads(to_json(graph))
    assert _content(nx.node_link_graph(data, edges="edges")) == _content(graph)
    assert (data["directed"], data["multigraph"]) == (True, False)


def test_graphml_leaves_out_what_xml_cannot_hold_and_json_keeps_it(make_run: Callable[..., Any]) -> None:
    played = make_run("x = '\x1b[31m\x07<b>&\u2028\ufffe ä 🦊'")
    played.to_end()
    graph = to_graph(played.log)
    text = _read(to_graphml(graph)).nodes["main:0.0"]["text"]
    assert text == "x = '[31m<b>&\u2028 ä 🦊'"
    kept = nx.node_link_graph(json.loads(to_json(graph)), edges="edges").nodes["main:0.0"]["text"]
    assert kept == graph.nodes["main:0.0"]["text"]
    assert "\x1b" in kept


def test_a_session_without_records_is_an_empty_graph_in_both_formats() -> None:
    graph = to_graph(Log())
    assert _read(to_graphml(graph)).number_of_nodes() == 0
    assert json.loads(to_json(graph))["nodes"] == []


def test_names_with_control_characters_make_well_formed_xml_and_stay_apart() -> None:
    log = Log()
    log.append(StatementReached(Place("0", (), Span(1, 0, 1, 1)), "x\x00y"))
    for name in ("a\x01", "a\x02", "a\ud800".encode(errors="replace").decode()):
        log.append(BranchStarted("main", 0, "\x1b[31m"), name)
    graph = to_graph(log)
    read = nx.read_graphml(BytesIO(to_graphml(graph).encode()))
    assert len(read) == len(graph) == 4
    assert {r"a\u0001:0", r"a\u0002:0"} < set(read)
