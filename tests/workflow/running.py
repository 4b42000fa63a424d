"""Run Snakemake with the rules of a checkout."""

import subprocess
import sys
from pathlib import Path

from checkout import ROOT


def snakemake(*arguments: str, root: Path = ROOT, status: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", *arguments], cwd=root, capture_output=True, text=True, timeout=3600
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr
