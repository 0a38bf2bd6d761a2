"""The profiles that need no configuration."""

from __future__ import annotations

from types import MappingProxyType

from recode_core.policies.openai.profile import Profile

_OPENROUTER = "https://openrouter.ai/api/v1"

READY = MappingProxyType(
    {
        "openai": Profile("https://api.openai.com/v1", "gpt-4o-mini", "OPENAI_API_KEY"),
        "gemini": Profile(
            "https://generativelanguage.googleapis.com/v1beta/openai",
            "gemini-2.5-flash",
            "GEMINI_API_KEY",
            max_tokens=8192,  # its thinking counts
        ),
        # It thinks unless it is told not to; ReCode's replies bring their own thought.
        "deepseek": Profile(
            "https://api.deepseek.com/v1",
            "deepseek-v4-flash",
            "DEEPSEEK_API_KEY",
            extra_body={"thinking": {"type": "disabled"}},
        ),
        # DeepSeek itself serves V3.1 no longer.
        "deepseek-v3.1": Profile(_OPENROUTER, "deepseek/deepseek-chat-v3.1", "OPENROUTER_API_KEY"),
        "openrouter": Profile(_OPENROUTER, "openai/gpt-4o-mini", "OPENROUTER_API_KEY"),
        "ollama": Profile(
            "http://127.0.0.1:11434/v1", local=True, max_tokens=2048, start="ollama serve; ollama pull MODEL"
        ),
        "llamacpp": Profile(
            "http://127.0.0.1:8080/v1", local=True, max_tokens=2048, start="llama-server -m MODEL.gguf"
        ),
        "lmstudio": Profile(
            "http://127.0.0.1:1234/v1", local=True, max_tokens=2048, start="lms server start"
        ),
        "vllm": Profile("http://127.0.0.1:8000/v1", local=True, max_tokens=2048, start="vllm serve MODEL"),
    }
)
"""Hosted models as the paper used them, as far as they are still served, and local servers."""
