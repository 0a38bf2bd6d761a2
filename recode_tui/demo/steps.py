"""The steps of the demo's tour: where the run failed, why, and how it is mended."""

from __future__ import annotations

from recode_tui.demo.tour import TourSituation, TourStep

NODE = "0.8"
"""The placeholder whose reply has the mistake."""
VARIABLE = "tool"
"""The variable with the wrong value in it."""
KEY = "ctrl+t"
OFFER = "starts a tour: find the mistake, mend it, compare. esc hides this; ?, tour, enter starts it later."


def _failed(now: TourSituation) -> bool:
    return now.branch == "main" and now.stop == "end"


def _before_call(now: TourSituation) -> bool:
    return now.stop == "model" and now.node == NODE


def _mended(now: TourSituation) -> bool:
    return now.branch != "main" and now.outcome in (None, "solved")


def _solved(now: TourSituation) -> bool:
    return now.branch != "main" and now.outcome == "solved"


_TO_FAILURE = "You are elsewhere now: c goes on to the end of the run, :switch main back to its branch."
_TO_CALL = f"You are elsewhere now: :goto {NODE} leads back to before the policy is asked."
_TO_BRANCH = f"This branch is not mended: :goto {NODE} and then g asks again, T goes to another branch."

STEPS = (
    TourStep(
        "3",
        "shows what the agent did. Nothing failed, and yet its task is not solved. "
        f"({KEY} leaves this tour and takes it up again.)",
        lambda now: now.panel == "environment",
        _failed,
        _TO_FAILURE,
    ),
    TourStep(
        ":blame 1, enter",
        "finds the decision that lost the task. ∅ marks an action that did nothing.",
        lambda now: now.culprit == NODE,
        _failed,
        _TO_FAILURE,
    ),
    TourStep(
        f"4, down to {VARIABLE}, o",
        "asks where it comes from: a stove heats no mug. "
        f"⚑ marks the decision: a fresh run from before {NODE} is solved, a later one is not.",
        lambda now: f"origin {VARIABLE}" in now.commands,
        _failed,
        _TO_FAILURE,
    ),
    TourStep(
        f":goto {NODE}, enter",
        f"goes back to before the policy was asked for {NODE}, whose reply set {VARIABLE}. "
        "The world goes back, too.",
        _before_call,
    ),
    TourStep(
        "2, then ]",
        "opens the prompt, all that the policy sees. The agent has the mug in its hand again.",
        lambda now: now.panel == "code" and now.tab == "prompt",
        _before_call,
        _TO_CALL,
    ),
    TourStep(
        "g, enter",
        "asks again: the mistake is scripted only once, now the expert replies. "
        "Or 1, then e: write the code by hand.",
        _mended,
        _before_call,
        _TO_CALL,
    ),
    TourStep(
        "c",
        "goes on to the end, on a branch of its own. main stays as it was.",
        _solved,
        _mended,
        _TO_BRANCH,
    ),
    TourStep(
        "T, c, home, c",
        "compares this branch with main. The task is solved.",
        lambda now: now.above == "compare",
        _solved,
        _TO_BRANCH,
    ),
    TourStep(
        "esc",
        "closes the comparison.",
        lambda now: not now.above,
    ),
    TourStep(
        KEY,
        "ends the tour. All of it really ran, and the session is kept. ? has every key, q leaves.",
        lambda now: False,
    ),
)
