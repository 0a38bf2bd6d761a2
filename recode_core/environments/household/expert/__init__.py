"""An expert that solves household tasks from its observations alone, as an agent must."""

from __future__ import annotations

from recode_core.environments.household.expert.policy import HouseholdExpert

__all__ = ["HouseholdExpert"]
