"""The values that profile and device may take, wherever a user gives them."""

PROFILES = ("smoke", "quick", "full")
DEVICES = ("auto", "cpu", "cuda")
MOST_SEEDS = 1000  # beyond any spread worth having, and memory for each
