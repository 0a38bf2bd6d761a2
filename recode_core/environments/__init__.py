"""Environments: their interface, the built-in household, and adapters to the three of the ReCode paper."""
