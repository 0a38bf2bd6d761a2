"""Environments and policies of other packages, found by entry points; as in docs/environments.md."""

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

from recode_core import doctor, episode, policy_registry
from recode_core.environments import registry
from recode_core.errors import EnvironmentUnavailable, PolicyUnavailable, RecodeError
from recode_core.session import Settings
from recode_tui.cli import main
from recode_tui.home import choices
from tests.docs.blocks import blocks
from tests.support.waiting import PATIENCE

PAGE = Path(__file__).parents[2] / "docs" / "environments.md"
UPWARDS = """
from recode_core.policies.scripted import Scripted

def upwards(settings, environment):
    assert (settings.policy, environment.name) == ("upwards", "dials")
    return Scripted(["<execute>for turn in range(int(instruction[-2])):\\n    run('up')</execute>"])
"""

Package = Callable[..., Path]


def block(name: str) -> str:
    """The code below `<!-- name -->` in the page on environments."""
    return next(found.code for found in blocks(PAGE) if found.mark == name)


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
    """The package of the page."""
    example = block("environment-example")
    return package(block("entry-points-example"), dials=example, dials_policy=UPWARDS)


def recode(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(folder), "XDG_DATA_HOME": str(folder / "data")}
    command = [sys.executable, "-c", "from recode_tui.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env=environment)


def test_the_environment_of_the_page_is_short() -> None:
    assert len(block("environment-example").splitlines()) < 40


def test_the_environment_of_the_page_is_played_by_the_command(dials: Path) -> None:
    listed = recode(dials, "tasks", "--env", "dials")
    assert listed.stdout == "to:3             turn the dial to 3.\nto:7             turn the dial to 7.\n"
    for name in ("upwards", "expert"):
        done = recode(dials, "run", "--env", "dials", "--task", "to:3", "--policy", name, "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["steps"] == 3


@pytest.mark.slow
def test_the_environment_of_the_page_is_debugged_and_replayed(dials: Path) -> None:
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
    assert policy_registry.names() == ("expert", "human", "upwards")
    assert registry.missing("dials") == registry.missing("household") == ""


def test_nothing_of_a_package_is_imported_before_it_is_used(package: Package) -> None:
    package(block("entry-points-example"), dials="raise SystemError('imported')", dials_policy="1 / 0")
    assert "dials" in registry.names()
    assert "upwards" in policy_registry.names()


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
    assert "dials:Dials makes a Dials, which does not implement" in registry.missing("dials")


@pytest.mark.parametrize(
    ("module", "said"),
    [
        (
            "1 / 0",
            "upwards cannot be loaded: dials_policy:upwards, which dials declares, gives ZeroDivisionError",
        ),
        ("def upwards(settings, environment):\n    return 7", "returned a int, which does not implement"),
        ("upwards = 'x'", "returned a str, which does not implement"),
    ],
)
def test_a_policy_that_cannot_be_had_says_why(
    package: Package, tmp_path: Path, module: str, said: str
) -> None:
    package(block("entry-points-example"), dials=block("environment-example"), dials_policy=module)
    with pytest.raises(PolicyUnavailable, match=re.escape(said)):
        episode.start(Settings("dials", "to:3", "upwards"), tmp_path / "run.jsonl")


def test_an_unknown_name_is_told_with_all_there_are(dials: Path, tmp_path: Path) -> None:
    with pytest.raises(RecodeError, match=r"unknown environment 'moon' \(available: household, .*, dials"):
        registry.environment("moon")
    with pytest.raises(RecodeError, match=r"unknown policy 'moon' .available: expert, human, upwards"):
        episode.start(Settings("dials", "to:3", "moon"), tmp_path / "run.jsonl")


def test_an_environment_may_say_what_it_lacks(package: Package) -> None:
    more = "\n    def missing(self):\n        return 'get a dial'\n"
    package(block("entry-points-example"), dials=block("environment-example") + more)
    assert registry.missing("dials") == "get a dial"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "raise SystemExit(0)",
            "dials cannot be loaded: dials:Dials, which dials declares, gives SystemExit: 0",
        ),
        ("Dials.__init__ = lambda self: exit(0)", "dials cannot be used: dials:Dials gives SystemExit: 0"),
        (
            "Dials.name = property(lambda self: 1 / 0)",
            "dials:Dials gives ZeroDivisionError: division by zero",
        ),
        ("Dials.name = None", "dials cannot be used: its name is None (NoneType), and must be a str"),
        (
            "Dials.restoration = None",
            "its restoration is None (NoneType), and must be one of snapshot, replay",
        ),
        ("Dials.guide = 'x'", "its guide is 'x' (str), and must be a Guide"),
        ("Dials.guide = Guide(None, '')", "actions of its guide is None (NoneType), and must be a str"),
        (
            "Dials.guide = Guide('', '', kinds=[])",
            "kinds of its guide is [] (list), and must be a dict",
        ),
        (
            "Dials.guide = Guide('', '', kinds={'up': 1})",
            "kind 'up' of its guide is 1 (int), and must be a str",
        ),
        ("Dials.missing = lambda self: exit(0)", "the environment failed in missing: SystemExit: 0 (File "),
    ],
)
def test_an_environment_that_cannot_be_made_says_why(package: Package, change: str, said: str) -> None:
    package(block("entry-points-example"), dials=f"{block('environment-example')}\n{change}\n")
    assert said in registry.missing("dials")


def test_the_place_of_a_fault_is_in_the_package_that_was_called(package: Package) -> None:
    folder = package(block("entry-points-example"), dials="import json\n\njson.loads(b'{')\n")
    said = registry.missing("dials")
    assert "gives JSONDecodeError: " in said
    assert said.endswith(f'(File "{folder / "dials.py"}", line 3, in <module>)')


def test_policies_of_other_packages_are_listed_with_where_they_come_from(dials: Path) -> None:
    assert policy_registry.declared_policies() == {"upwards": "from dials"}
    assert policy_registry.unavailable_reason("upwards") == ""
    (dials / "dials_policy.py").write_text("raise SystemExit(0)")
    sys.modules.pop("dials_policy", None)
    assert "gives SystemExit: 0" in policy_registry.unavailable_reason("upwards")


def test_help_doctor_and_the_dialog_name_the_policies_of_other_packages(
    dials: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for command in ("run", "debug", "batch"):
        monkeypatch.setattr(sys, "argv", ["recode", command, "--help"])
        with pytest.raises(SystemExit):
            main()
        assert "upwards (from dials), or a model by" in " ".join(capsys.readouterr().out.split())
    monkeypatch.setattr(doctor, "list_local_models", lambda found: {})
    health = doctor.examine()
    assert [(each.name, each.origin, each.missing) for each in health.policies] == [
        ("upwards", "from dials", "")
    ]
    assert choices.Choice("upwards", "from dials") in choices.policy_choices()


def broken(package: Package, tmp_path: Path) -> tuple[Path, str]:
    """A package whose world and policy raise after long texts, and the line of the world's error."""
    world = block("environment-example") + (
        "\n\ndef broken(self, action):\n    raise KeyError('why ' * 200)\n\n\nDial.step = broken\n"
    )
    policy = "def upwards(settings, environment):\n    class P:\n        model = 'm'\n"
    policy += "        sampling = {}\n\n        def expand(self, request, stream):\n"
    policy += "            raise ValueError('why ' * 200)\n\n        def abort(self):\n            pass\n\n"
    folder = package(block("entry-points-example"), dials=world, dials_policy=policy + "    return P()\n")
    return folder, str(world.split("\n").index("    raise KeyError('why ' * 200)") + 1)


def test_an_error_of_a_users_environment_or_policy_names_file_and_line_on_the_command_line(
    package: Package, tmp_path: Path
) -> None:
    folder, line = broken(package, tmp_path)
    place = f'(File "{folder / "dials.py"}", line {line}, in broken)'
    run = ("--env", "dials", "--policy")
    assert place in recode(folder, "run", *run, "expert", "--task", "to:3").stderr
    policy = f'(File "{folder / "dials_policy.py"}", line 7, in expand)'
    assert policy in recode(folder, "run", *run, "upwards", "--task", "to:3").stderr
    done = recode(folder, "batch", *run, "expert", "--tasks", "to:3", "--out", str(folder / "out"))
    assert place in done.stdout + done.stderr
