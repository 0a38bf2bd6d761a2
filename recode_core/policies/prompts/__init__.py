"""Prompts: the rules, actions and worked examples that every request of a run begins with.

Ours are in the package; a user's are files in a folder (`docs/prompts.md`).
"""

from recode_core.policies.prompts.folder import load
from recode_core.policies.prompts.prompts import OURS, Prompts, bundled, rules_for, system_text

__all__ = ["OURS", "Prompts", "bundled", "load", "rules_for", "system_text"]
