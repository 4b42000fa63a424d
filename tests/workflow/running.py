"""Run Snakemake with the rules of a checkout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from replicate import paths

ROOT = paths.root()


def snakemake(*arguments: str, root: Path = ROOT, status: int = 0) -> str:
    command = [sys.executable, "-m", "snakemake", "--directory", str(root), *arguments]
    done = subprocess.run(
        [*command[:3], "--snakefile", str(root / "Snakefile"), *command[3:]],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=3600,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr
