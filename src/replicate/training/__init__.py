"""The one fit loop, its settings, checkpoints."""
