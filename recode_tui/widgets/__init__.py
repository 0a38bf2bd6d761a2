"""General widgets, independent of agents and sessions."""
