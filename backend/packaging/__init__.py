"""Builds what is handed out. Standard library only."""
