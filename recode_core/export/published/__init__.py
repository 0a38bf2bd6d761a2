"""Runs of the published ReCode code, made into sessions that can be looked at.

Source: github.com/FoundationAgents/ReCode, whose `results.json` holds a tree a run, version `recode.plan.v1`.
"""

from recode_core.export.published.sessions import Imported, import_results

__all__ = ["Imported", "import_results"]
