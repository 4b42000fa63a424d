"""Re-run every experiment of four papers on machine-learned materials properties."""

__version__ = "0.1.0"
