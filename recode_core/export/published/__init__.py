"""Import runs of the published ReCode code as read-only sessions.

Source: github.com/FoundationAgents/ReCode, whose `results.json` holds one tree per run, version
`recode.plan.v1`.
"""

from recode_core.export.published.sessions import ImportedRuns, import_results

__all__ = ["ImportedRuns", "import_results"]
