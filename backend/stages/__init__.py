"""One file a stage: what it takes, what it gives."""
