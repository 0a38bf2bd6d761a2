"""What many recorded runs come to: rates and means, by environment, kind of task, agent and model."""
