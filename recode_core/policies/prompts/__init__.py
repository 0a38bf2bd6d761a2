"""Prompts: the rules, actions and worked examples at the beginning of every request of a run.

The bundled prompts are in the package; users put theirs into a folder of files (`docs/prompts.md`).
"""

from recode_core.policies.prompts.folder import load
from recode_core.policies.prompts.prompts import BUNDLED, Prompts, bundled, rules_for, system_text

__all__ = ["BUNDLED", "Prompts", "bundled", "load", "rules_for", "system_text"]
