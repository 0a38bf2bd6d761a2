"""Environments and policies of other packages, found by entry points; the README's example, word for word."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.support.waiting import PATIENCE

from recode_core import episode, policy
from recode_core.environments import registry
from recode_core.errors import EnvironmentUnavailable, PolicyUnavailable, RecodeError
from recode_core.session import Settings

README = (Path(__file__).parents[2] / "README.md").read_text()
UPWARDS = """
from recode_core.policies.scripted import Scripted

def upwards(settings, environment):
    assert (settings.policy, environment.name) == ("upwards", "dials")
    return Scripted(["<execute>for turn in range(int(instruction[-2])):\\n    run('up')</execute>"])
"""

Package = Callable[..., Path]


def block(name: str) -> str:
    """The code below `<!-- name -->` in the README."""
    found = re.search(rf"^<!-- {name} -->\n```\w+\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Package]:
    """Makes a folder on the path look as pip leaves it: modules, and what declares their entry points."""

    def made(declared: str, **modules: str) -> Path:
        info = tmp_path / "dials-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: dials\nVersion: 1.0\n")
        groups = tomllib.loads(declared)["project"]["entry-points"]
        lines = [
            line
            for group, points in groups.items()
            for line in (f"[{group}]", *(f"{name} = {value}" for name, value in points.items()))
        ]
        (info / "entry_points.txt").write_text("\n".join(lines))
        for name, text in modules.items():
            (tmp_path / f"{name}.py").write_text(text)
        monkeypatch.syspath_prepend(tmp_path)
        return tmp_path

    registry.environment.cache_clear()
    yield made
    registry.environment.cache_clear()
    for name in ("dials", "dials_policy"):
        sys.modules.pop(name, None)


@pytest.fixture
def dials(package: Package) -> Path:
    """The README's package."""
    example = block("environment-example")
    return package(block("entry-points-example"), dials=example, dials_policy=UPWARDS)


def recode(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(folder), "XDG_DATA_HOME": str(folder / "data")}
    command = [sys.executable, "-c", "from recode_tui.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env=environment)


def test_the_environment_of_the_readme_is_short() -> None:
    assert len(block("environment-example").splitlines()) < 40


def test_the_environment_of_the_readme_is_played_by_the_command(dials: Path) -> None:
    listed = recode(dials, "tasks", "--env", "dials")
    assert listed.stdout == "to:3             turn the dial to 3.\nto:7             turn the dial to 7.\n"
    for name in ("upwards", "expert"):
        done = recode(dials, "run", "--env", "dials", "--task", "to:3", "--policy", name, "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["steps"] == 3


def test_the_environment_of_the_readme_is_debugged_and_replayed(dials: Path) -> None:
    script = dials / "script"
    script.write_text(
        "continue\nassert episode.solved\nback\naction 'down'\ncontinue\nassert episode.steps == 5\n"
    )
    path = str(dials / "session.jsonl")
    done = recode(
        dials, "debug", "--batch", str(script), "--env", "dials", "--task", "to:3", "--session", path
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert recode(dials, "replay", "--check", path).returncode == 0


def test_what_other_packages_declare_is_named_beside_our_own(dials: Path) -> None:
    assert {"household", "webshop", "dials"} <= set(registry.names())
    assert policy.names() == ("expert", "human", "upwards")
    assert registry.missing("dials") == registry.missing("household") == ""


def test_nothing_of_a_package_is_imported_before_it_is_used(package: Package) -> None:
    package(block("entry-points-example"), dials="raise SystemError('imported')", dials_policy="1 / 0")
    assert "dials" in registry.names()
    assert "upwards" in policy.names()


def test_a_package_does_not_take_the_place_of_our_own(package: Package) -> None:
    package('[project.entry-points."recode.environments"]\nhousehold = "dials:Dials"', dials="1 / 0")
    assert registry.names().count("household") == 1
    assert type(registry.environment("household")).__name__ == "Household"


def test_an_environment_that_cannot_be_imported_says_why(package: Package) -> None:
    package(block("entry-points-example"), dials="import what_nobody_has")
    said = "dials cannot be loaded: dials:Dials, which dials declares, gives ModuleNotFoundError"
    assert registry.missing("dials").startswith(said)
    with pytest.raises(EnvironmentUnavailable, match="'what_nobody_has'"):
        registry.environment("dials")


def test_what_is_no_environment_is_refused(package: Package) -> None:
    package(block("entry-points-example"), dials="class Dials:\n    name = 'dials'")
    assert "dials:Dials makes a Dials, which is no environment" in registry.missing("dials")


@pytest.mark.parametrize(
    ("module", "said"),
    [
        (
            "1 / 0",
            "upwards cannot be loaded: dials_policy:upwards, which dials declares, gives ZeroDivisionError",
        ),
        ("def upwards(settings, environment):\n    return 7", "makes a int, which is no policy"),
        ("upwards = 'x'", "makes a str, which is no policy"),
    ],
)
def test_a_policy_that_cannot_be_had_says_why(
    package: Package, tmp_path: Path, module: str, said: str
) -> None:
    package(block("entry-points-example"), dials=block("environment-example"), dials_policy=module)
    with pytest.raises(PolicyUnavailable, match=re.escape(said)):
        episode.start(Settings("dials", "to:3", "upwards"), tmp_path / "run.jsonl")


def test_an_unknown_name_is_told_with_all_there_are(dials: Path, tmp_path: Path) -> None:
    with pytest.raises(RecodeError, match=r"no environment is called 'moon'; there is household, .*, dials"):
        registry.environment("moon")
    with pytest.raises(RecodeError, match="no policy is called 'moon'; there are expert, human and upwards"):
        episode.start(Settings("dials", "to:3", "moon"), tmp_path / "run.jsonl")


def test_an_environment_may_say_what_it_lacks(package: Package) -> None:
    more = "\n    def missing(self):\n        return 'get a dial'\n"
    package(block("entry-points-example"), dials=block("environment-example") + more)
    assert registry.missing("dials") == "get a dial"
