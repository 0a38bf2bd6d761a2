"""Agents: each builds the requests to a policy and parses its replies."""
