"""The sidebar tab, a file a panel. Draws what others know, decides nothing."""
