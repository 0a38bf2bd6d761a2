"""Agents: what to ask a policy next, and what to do with its reply."""
