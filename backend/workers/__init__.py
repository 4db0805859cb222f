"""The processes that do the work and may die of it."""
