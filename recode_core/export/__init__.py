"""Export of sessions (training data, HTML pages) and import of runs of the published ReCode code."""
