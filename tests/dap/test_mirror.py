"""Files of expansions: a file that an editor saves becomes an edit of its expansion."""

from __future__ import annotations

from pathlib import Path

import pytest

from recode_core.dap.mirror import Mirror, new_folder
from recode_core.errors import RecodeError
from tests.dap.client import DapClient
from tests.dap.conftest import TASK

RIGHT = "run(f'go to {place}')\nrun(f'move {obj_ID} to {place}')"


def test_a_run_is_mended_by_saving_the_file_of_an_expansion(client: DapClient, tmp_path: Path) -> None:
    client.launch(
        **TASK, session=str(tmp_path / "run.jsonl"), mirror=str(tmp_path / "code"), stopOnEntry=False
    )
    folder = tmp_path / "code" / "run"
    assert {path.name for path in folder.iterdir()} == {"0.py", "0.7.py", "0.8.py", "0.8.0.py"}
    frame = client.frames()[0]
    assert frame["source"]["path"] == str(folder / "0.8.py")
    assert "sourceReference" not in frame["source"]
    line = (folder / "0.8.py").read_text().split("\n")[frame["line"] - 1]
    assert line.startswith("result = run(")

    # A breakpoint in the file is one of the session; what is saved becomes an edit, on a branch.
    points = client.ask("setBreakpoints", source={"path": str(folder / "0.py")}, breakpoints=[{"line": 9}])
    assert points["breakpoints"][0]["verified"]
    (folder / "0.8.py").write_text("run('go to desk 1')\n")
    stopped = client.wait_for("stopped")
    assert "0.8.0" in stopped["description"]
    assert [thread["name"] for thread in client.ask("threads")["threads"]] == ["edit-1"]
    assert client.frames()[0]["source"]["path"] == str(folder / "0.8.py")
    assert not (folder / "0.8.0.py").exists()
    client.move("continue")
    assert client.scope("Episode")["outcome"].startswith("not solved")

    # A draft that is refused stays in its file until it is accepted.
    (folder / "0.8.py").write_text("run('go to desk 1'\n")
    client.wait_for("output", lambda body: "0.8.py was saved, and not accepted" in body["output"])
    client.move("stepBack")
    assert (folder / "0.8.py").read_text() == "run('go to desk 1'\n"
    (folder / "0.8.py").write_text(f"{RIGHT}\n")
    client.wait_for("stopped")
    client.move("continue")
    assert client.scope("Episode")["outcome"] == "solved"
    client.ask("disconnect")
    assert client.at_end()
    assert not folder.exists()


def test_files_follow_the_code_and_drafts_are_never_overwritten(tmp_path: Path) -> None:
    mirror = Mirror(tmp_path / "run")
    file = tmp_path / "run" / "0.py"
    mirror.show({"0": "a = 1", "0.1": "b = 1"})
    assert file.read_text() == "a = 1\n"
    assert list(mirror.saved()) == []
    file.write_text("a = 1\n\n")
    assert list(mirror.saved()) == [("0", "a = 1\n")]
    mirror.show({"0": "a = 2"})
    assert file.read_text() == "a = 1\n\n"
    assert not (tmp_path / "run" / "0.1.py").exists()
    assert mirror.path_of("0", "a = 2") is None
    file.write_text("a = 3\r\n")
    assert list(mirror.saved()) == [("0", "a = 3")]
    mirror.accept("0", "a = 3")
    mirror.show({"0": "a = 4"})
    assert file.read_text() == "a = 4\n"
    assert mirror.path_of("0", "a = 4") == file
    assert mirror.node_of(str(file)) == "0"
    mirror.close()
    assert not file.parent.exists()


def test_a_draft_is_left_when_the_session_is_closed(tmp_path: Path) -> None:
    mirror = Mirror(tmp_path / "run")
    mirror.show({"0": "a = 1"})
    (tmp_path / "run" / "0.py").write_text("a = \n")
    assert list(mirror.saved()) == [("0", "a = ")]
    mirror.close()
    assert (tmp_path / "run" / "0.py").read_text() == "a = \n"


def test_a_folder_of_its_own_is_made_for_each_session(tmp_path: Path) -> None:
    assert new_folder(tmp_path, "run") == tmp_path / "run"
    Mirror(new_folder(tmp_path, "run"))
    assert new_folder(tmp_path, "run") == tmp_path / "run-2"
    (tmp_path / "file").write_text("")
    with pytest.raises(RecodeError, match="cannot be made"):
        Mirror(tmp_path / "file" / "run")
