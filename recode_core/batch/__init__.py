"""Batches: many episodes, each in a session file of its own, in a folder that says what was asked."""

from recode_core.batch.batch import Batch, How
from recode_core.batch.ledger import Budgets
from recode_core.batch.manifest import Job, Manifest, compose
from recode_core.batch.play import Played
from recode_core.batch.progress import Progress

__all__ = ["Batch", "Budgets", "How", "Job", "Manifest", "Played", "Progress", "compose"]
