"""Reports on many recorded runs: rates and means by environment, kind of task, agent and model."""
