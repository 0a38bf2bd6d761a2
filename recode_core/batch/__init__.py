"""Batches: many episodes in one folder, with a manifest of the tasks and a session file for each."""

from recode_core.batch.batch import Batch, BatchOptions
from recode_core.batch.budget import Budgets
from recode_core.batch.episode_job import EpisodeOutcome
from recode_core.batch.manifest import Job, Manifest, plan_batch
from recode_core.batch.progress import Progress

__all__ = ["Batch", "BatchOptions", "Budgets", "EpisodeOutcome", "Job", "Manifest", "Progress", "plan_batch"]
