"""What a model is made for, by its name."""

from __future__ import annotations

import re

# The first kind whose pattern is found in a name is it; a chat model has none.
_KINDS = (
    ("a reranking model", re.compile(r"rerank", re.I)),
    ("an embedding model", re.compile(r"embed(?!ded)|\bbge-|\be5-|\bgte-|minilm", re.I)),
    ("a speech model", re.compile(r"whisper|\btts|text-to-speech|speech-to|transcri", re.I)),
    ("a moderation model", re.compile(r"moderation", re.I)),
    ("an image model", re.compile(r"dall-?e|stable-?diffusion|\bflux", re.I)),
)


def other_than_chat(name: str) -> str:
    """What kind of model it is by its name, or by what its server calls its kind; empty where it may chat."""
    return next((kind for kind, pattern in _KINDS if pattern.search(name)), "")
