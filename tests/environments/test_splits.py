"""Splits by name and by file, with the lists that the published code evaluates on where they are at hand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from recode_core.environments import guard, splits
from recode_core.environments.environment import Environment, Restoration, Task, TaskTraits
from recode_core.environments.registry import environment
from recode_core.environments.scripted import GUIDE, ScriptedWorld
from recode_core.errors import RecodeError
from recode_core.policies.policy import Policy

SHARED = Path(__file__).parents[3] / "shared" / "data"

MakeFile = Callable[[object], str]


@pytest.fixture
def make_file(tmp_path: Path) -> MakeFile:
    """Writes a list of tasks, or a text as it is."""

    def make(listed: object) -> str:
        path = tmp_path / "list.json"
        path.write_text(listed if isinstance(listed, str) else json.dumps(listed))
        return str(path)

    return make


@pytest.fixture
def published() -> Path:
    """The folder of the published lists."""
    folder = SHARED / "protocol"
    if not folder.is_dir():
        pytest.skip("no ../shared/data/protocol: the published lists are not at hand")
    return folder


class Two:
    """Two tasks, and nothing else that an environment may offer."""

    name = "two"
    restoration: Restoration = "replay"
    guide = GUIDE

    def tasks(self, split: str | None = None) -> list[Task]:
        return [Task("a", "do a"), Task("b", "do b")]

    def open(self, task_id: str) -> ScriptedWorld:
        return ScriptedWorld()

    def expert(self, task_id: str) -> Policy | None:
        return None


def ids(environment: Environment, split: str) -> list[str]:
    return [task.id for task in splits.tasks(environment, split)]


@pytest.mark.parametrize(
    ("name", "count", "split", "seen"),
    [("sciworld-test", 211, "test", "unseen"), ("sciworld-valid", 194, "dev", "seen")],
)
def test_the_published_lists_of_scienceworld_are_parts_of_our_splits(
    published: Path, name: str, count: int, split: str, seen: str
) -> None:
    scienceworld = environment("scienceworld")
    tasks = list(splits.tasks(scienceworld, str(published / f"{name}_indices.json")))
    assert Counter(task.benchmark for task in tasks) == {f"ScienceWorld {split}": count}
    listed = {task.id: task for task in guard.tasks(scienceworld, split)}
    assert all(listed[task.id] == task for task in tasks)
    traits = [guard.task_traits(scienceworld, task.id) for task in tasks]
    assert {(each.seen, each.split, each.in_paper) for each in traits} == {(seen, split, True)}


def test_the_published_list_of_webshop_lies_across_our_splits(published: Path) -> None:
    webshop = environment("webshop")
    numbers = json.loads((published / "webshop-test_indices.json").read_text())
    found = Counter(guard.task_traits(webshop, f"human:{number}").split for number in numbers)
    assert found == {"train": 177, "eval": 21, "test": 2}


def test_a_published_index_that_the_data_do_not_have_is_named(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("bm25s", reason="bm25s is not installed: webshop cannot be played")
    monkeypatch.setenv("WEBSHOP_DATA", str(SHARED / "webshop"))
    with pytest.raises(RecodeError) as raised:
        ids(environment("webshop"), str(published / "webshop-test_indices.json"))
    said = str(raised.value)
    assert "webshop-test_indices.json: entry 0 of the list, 2853: webshop has no task 'human:2853'" in said
    assert "with these data there are human:0 to human:7" in said


def test_a_file_may_hold_ids_names_with_variations_and_repetitions(make_file: MakeFile) -> None:
    listed = ["boil:3", ["task-10-measure-melting-point-(known-substance)", 330], "1-1:3", ["melt", 0]]
    found = ids(environment("scienceworld"), make_file(listed))
    assert found == ["boil:3", "measure-melting-point-known-substance:330", "boil:3", "melt:0"]


def test_an_environment_that_finds_nothing_itself_takes_ids_and_indices(make_file: MakeFile) -> None:
    assert ids(Two(), make_file([1, "a", 0])) == ["b", "a", "a"]
    for wrong in (2, -1, "c", ["a", 1]):
        with pytest.raises(RecodeError, match=r"entry 0 of the list, .*: .* has no such task"):
            ids(Two(), make_file([wrong]))
    assert guard.task_traits(Two(), "a") == TaskTraits()


@pytest.mark.parametrize(
    ("listed", "says"),
    [
        ("[1, 2", "list.json is not JSON: Expecting"),
        ({"test": ["put:7"]}, 'must be a JSON array of tasks, not {"test": ["put:7"]}'),
        ([], "must be a JSON array of tasks, not []"),
        (["put:7", True], "list.json: entry 1 of the list is true; an entry is an id"),
        (["put:7", None], "list.json: entry 1 of the list is null"),
        (["put:7", "fly:7"], 'list.json: entry 1 of the list, "fly:7": household has no task'),
        ([["put", 7]], 'entry 0 of the list, ["put", 7]: household\'s tasks are named by ids'),
        ([3], "entry 0 of the list, 3: household's tasks are named by ids"),
        (["x" * 999], "…: household has no task"),
    ],
)
def test_a_bad_file_is_an_error_that_names_file_and_entry(
    make_file: MakeFile, listed: object, says: str
) -> None:
    with pytest.raises(RecodeError) as raised:
        ids(environment("household"), make_file(listed))
    assert says in str(raised.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecodeError, match=r"the split .*none.json cannot be read: No such file"):
        ids(environment("household"), str(tmp_path / "none.json"))


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (7, "no task by a number alone"),
        (["task-1-boil", 21, 3], "an entry is an id"),
        (["task-1-boil", True], "an entry is an id"),
        (["task-1-boil", 30], "boil has variations 0 to 29"),
        (["task-1-bole", 3], "write TASK:VARIATION, such as boil:0"),
    ],
)
def test_a_wrong_entry_of_scienceworld_says_what_is_right(
    make_file: MakeFile, entry: object, says: str
) -> None:
    with pytest.raises(RecodeError, match=says):
        ids(environment("scienceworld"), make_file([entry]))


def test_a_fingerprint_is_that_of_a_set() -> None:
    assert splits.digest(["b", "a", "b"]) == splits.digest(["a", "b"]) != splits.digest(["a", "c"])


@pytest.mark.parametrize(
    ("name", "task", "traits"),
    [
        ("household", "put:7", TaskTraits("put", "train")),
        ("household", "cool:130", TaskTraits("cool", "test")),
        ("household", "put:7:large", TaskTraits("put")),
        (
            "household",
            "scene:/x/valid_seen/pick_two_obj_and_place-B-None-D-3/t1",
            TaskTraits("puttwo", "valid_seen", "seen"),
        ),
        ("household", "scene:somewhere", TaskTraits()),
        (
            "alfworld",
            "valid_unseen/pick_cool_then_place_in_recep-P-None-T-1/t1",
            TaskTraits("cool", "valid_unseen", "unseen"),
        ),
        ("alfworld", "nothing", TaskTraits()),
        ("scienceworld", "1-1:0", TaskTraits("boil", "train")),
        (
            "scienceworld",
            "mendelian-genetics-known-plant:119",
            TaskTraits("mendelian-genetics-known-plant", "test", "unseen", False),
        ),
        ("scienceworld", "boil:99", TaskTraits()),
        ("webshop", "human:1500", TaskTraits("", "train")),
        ("webshop", "sampled:3", TaskTraits("", "test", in_paper=False)),
        ("webshop", "x", TaskTraits()),
    ],
)
def test_an_id_tells_kind_and_split(name: str, task: str, traits: TaskTraits) -> None:
    assert guard.task_traits(environment(name), task) == traits


def test_real_scenes_have_their_kind_and_the_split_of_alfworld(
    alfworld_folders: list[Path], make_file: MakeFile
) -> None:
    tasks = list(
        splits.tasks(environment("household"), make_file([f"scene:{path}" for path in alfworld_folders]))
    )
    assert Counter(task.kind for task in tasks) == dict.fromkeys(
        ("put", "clean", "heat", "cool", "examine", "puttwo"), 2
    )
    assert Counter(task.benchmark for task in tasks) == {"ALFWorld valid_seen": 6, "ALFWorld valid_unseen": 6}
