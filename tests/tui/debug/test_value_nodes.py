"""The tree of a value, read from its repr."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recode_tui.debug.value_nodes import GROUP_SIZE, ValueNode, find, value_tree


def nodes(root: ValueNode) -> list[ValueNode]:
    """Every node, each before those below it."""
    return [root, *(node for child in root.children for node in nodes(child))]


def keys(root: ValueNode) -> list[tuple[str, str]]:
    return [(child.key, child.text) for child in root.children]


def test_containers_are_divided_into_their_items() -> None:
    root = value_tree("seen", repr({"a, b": [1, (2,), {"x: y"}], 3: {}, "c": "two\nlines"}))
    assert keys(root) == [("'a, b'", "[1, (2,), {'x: y'}]"), ("3", "{}"), ("'c'", r"'two\nlines'")]
    assert [node.name for node in nodes(root)] == [
        "seen",
        "seen['a, b']",
        "seen['a, b'][0]",
        "seen['a, b'][1]",
        "seen['a, b'][1][0]",
        "seen['a, b'][2]",
        "item 1 of seen['a, b'][2]",
        "seen[3]",
        "seen['c']",
        "line 1 of seen['c']",
        "line 2 of seen['c']",
    ]
    assert [node.summary for node in (root, *root.children)] == [
        "dict · 3 items",
        "list · 3 items",
        "dict · 0 items",
        "str · 9 characters · 2 lines",
    ]
    assert root.children[2].content == "two\nlines"


@pytest.mark.parametrize(
    ("value", "summary", "items"),
    [
        (Counter("aab"), "Counter · 2 items", ["2", "1"]),
        (defaultdict(int, {1: 2}), "defaultdict · 1 item", ["2"]),
        (deque([1, [2]]), "deque · 2 items", ["1", "[2]"]),
        (frozenset({"a"}), "frozenset · 1 item", ["'a'"]),
        (OrderedDict({"a": 1}), "OrderedDict · 1 item", ["1"]),
        (set(), "", []),
        (float("nan"), "", []),
        (None, "", []),
        (b"x'", "", []),
    ],
)
def test_values_that_are_no_literals_have_items_too(value: object, summary: str, items: list[str]) -> None:
    text = repr(value)
    if isinstance(value, OrderedDict):
        text = "OrderedDict({'a': 1})"  # as Python writes it from 3.12 on
    root = value_tree("x", text)
    assert root.summary == summary and [child.text for child in root.children] == items


def test_what_was_shortened_or_is_no_value_is_shown_as_far_as_it_goes() -> None:
    root = value_tree("x", "[<re.Match object; span=(0, 1), match='a'>, [2, 3], 'cut o")
    assert [child.text for child in root.children] == [
        "<re.Match object; span=(0, 1), match='a'>",
        "[2, 3]",
        "'cut o",
    ]
    for text in ("", "'cut", "x(", "}", "[" * 5000, "{'a': ", "<x>", "[1, …"):
        assert value_tree("x", text).text == text


@given(
    st.recursive(
        st.one_of(st.integers(), st.text(), st.booleans(), st.none(), st.binary()),
        lambda inner: st.one_of(
            st.lists(inner),
            st.dictionaries(st.text(), inner),
            st.tuples(inner, inner),
            st.frozensets(st.integers(), min_size=1).map(set),
        ),
    )
)
def test_every_part_of_a_value_is_found_exactly(value: object) -> None:
    def check(node: ValueNode, part: object) -> None:
        assert node.text == repr(part)
        if isinstance(part, str):
            assert node.content == part
            assert [child.text for child in node.children] == (part.split("\n") if "\n" in part else [])
        elif isinstance(part, dict):
            assert [child.key for child in node.children] == [repr(key) for key in part]
            for child, item in zip(node.children, part.values(), strict=True):
                check(child, item)
        elif isinstance(part, list | tuple | set):
            for child, item in zip(node.children, part, strict=True):
                check(child, item)

    check(value_tree("x", repr(value)), value)


def test_a_large_container_is_divided_into_groups_whose_items_are_made_when_needed() -> None:
    root = value_tree("n", repr(list(range(100_000))))
    assert root.summary == "list · 100,000 items" and len(root.children) == 100_000 // GROUP_SIZE
    last = root.children[-1]
    assert last.key == "[99,000 … 99,999]" and "children" not in vars(last)
    assert last.children[-1].name == "n[99999]" and last.children[-1].text == "99999"
    assert last.text.startswith("99000, 99001") and last.text.endswith("99999")


def test_a_text_is_found_with_the_parts_around_it() -> None:
    root = value_tree("x", repr({"mug": [1, "A Mug"], "desk": {"on": "a pen\na mug"}}))
    found = [[node.name for node in path] for path in find(root, "mug", 10)]
    assert found == [
        ["x", "x['mug']"],
        ["x", "x['mug']", "x['mug'][1]"],
        ["x", "x['desk']", "x['desk']['on']", "line 2 of x['desk']['on']"],
    ]
    assert len(find(root, "mug", 2)) == 2 and not find(root, "MUG", 9)
    assert [path[-1].name for path in find(value_tree("n", repr([*range(5000)])), "4321", 9)] == ["n[4321]"]
    assert not find(value_tree("n", "[7, 7]"), "1", 9)  # the number of an item is no part of the value
