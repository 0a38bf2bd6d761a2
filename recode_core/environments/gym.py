"""Converts the results of Gym and Gymnasium worlds: tuples of an observation, a reward, flags and info."""

from __future__ import annotations

from collections.abc import Mapping

from recode_core.entry_points.fields import BadValue, as_flag, as_number, as_text
from recode_core.values import Observation

_WON = ("won", "success", "is_success")  # keys of an info that say whether the task is solved


def of_reset(answer: object) -> object:
    """The observation in the (observation, info) of `reset`; any other answer unchanged. Raises BadValue."""
    match answer:
        case tuple((observation, Mapping())):
            return as_text(observation, "the observation in the tuple")
    return answer


def of_step(answer: object, score: float) -> object:
    """Convert a tuple that `step` returned to an Observation; any other answer is returned unchanged.

    `score` is the episode's score before the action. The reward is added to it, unless info contains the
    score. The task is solved only if info says so, whatever the reward. Raises BadValue.
    """
    match answer:
        case tuple((text, reward, done, Mapping() as info)):
            return _observation(text, reward, as_flag(done, "done in the tuple"), info, score)
        case tuple((text, reward, terminated, truncated, Mapping() as info)):
            ends = (
                as_flag(terminated, "terminated in the tuple"),
                as_flag(truncated, "truncated in the tuple"),
            )
            return _observation(text, reward, any(ends), info, score)
        case tuple():
            wanted = "(observation, reward, done, info) or (observation, reward, terminated, truncated, info)"
            raise BadValue("the tuple", answer, wanted)
    return answer


def _observation(
    text: object, reward: object, is_done: bool, info: Mapping[object, object], score: float
) -> Observation:
    score += as_number(reward, "the reward in the tuple")
    if "score" in info:
        score = as_number(info["score"], "score in the info of the tuple")
    won = next((name for name in _WON if name in info), None)
    return Observation(
        as_text(text, "the observation in the tuple"),
        score,
        is_done,
        won is not None and as_flag(info[won], f"{won} in the info of the tuple"),
    )
