"""How a reply ended: as a whole, or why not."""

from __future__ import annotations

from typing import NamedTuple

from recode_core.policies.openai.arrived import Arrived
from recode_core.policies.openai.profile import Profile
from recode_core.policies.policy import Finish
from recode_core.policies.reply import ReplyRefused, parse_reply

# What servers call the end of a reply: OpenAI, Anthropic, Gemini, Mistral, TGI, Together, Cohere.
_WHOLE = {"stop", "eos", "eos_token", "end_turn", "stop_sequence", "stop_token", "complete", "completed"}
_LENGTH = {"length", "max_tokens", "max_length", "max_output_tokens", "model_length", "token_limit"}
_LENGTH |= {"model_context_window_exceeded"}
_FILTERS = {"content_filter", "content_filtered", "safety", "recitation", "blocklist", "spii"}
_FILTERS |= {"prohibited_content", "refusal", "sensitive", "guardrail_intervened"}
_CALLS = {"tool_calls", "tool_call", "tool_use", "function_call"}


class Ending(NamedTuple):
    """How a reply ended; `why` says more where it is not whole."""

    finish: Finish
    why: str = ""


def ending(arrived: Arrived, profile: Profile) -> Ending | None:
    """How a reply ended; None where it was cut off on its way.

    A server that names no reason has sent a whole reply if it says that the stream is over, or if the
    reply can be read as a whole.
    """
    reason = arrived.finish.strip().lower().replace("-", "_").removeprefix("finish_reason_")
    if reason in _LENGTH:
        return Ending("length", _limit(arrived, profile))
    if reason in _FILTERS:
        return Ending("refusal", f"A filter of the server ended it ({reason}).")
    if arrived.refusal and not arrived.pieces:
        return Ending("refusal", f"The model says: {arrived.refusal.strip()[:300]}")
    if (arrived.tool or reason in _CALLS) and not _is_whole(arrived.text):
        call = f"{arrived.tool}({arrived.arguments})"[:200]
        return Ending(
            "cut",
            f"It calls a tool, {call}, and none was offered: write the code as text. A model that goes on "
            "with tools needs another chat template.",
        )
    if reason and reason not in _WHOLE | _CALLS:
        return Ending("cut", f"The server ended it for the reason {arrived.finish[:60]!r}.")
    is_over = bool(reason) or arrived.is_done or _is_whole(arrived.text)
    return Ending("stop") if is_over else None


def _limit(arrived: Arrived, profile: Profile) -> str:
    limit = profile.max_tokens
    said = f"The limit is max_tokens in the policy's profile, now {limit}: raise it for longer replies."
    if limit == "none":
        said = "No max_tokens was asked for: the limit is the server's own."
    told = (arrived.usage or {}).get("completion_tokens")
    if isinstance(told, int) and limit != "none" and 0 < told < limit:
        said += f" The server stopped at {told} tokens: it may have a limit of its own, or a full context."
    if arrived.thought and not arrived.text.strip():
        said += " Reasoning used it up."
    return said


def _is_whole(text: str) -> bool:
    try:
        parse_reply(text)
    except ReplyRefused:
        return False
    return True
