"""Environments: the seam, the embedded household, adapters to the paper's three."""
