"""Chat models behind any OpenAI-compatible endpoint, hosted or local."""
