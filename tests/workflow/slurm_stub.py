"""A Slurm cluster of one machine, run by stand-ins for its commands that print what the documentation shows.

``sbatch`` does the job at once and then answers, so that a test never waits for a job. What becomes of a job is read
from ``fates.json``: comment of the job → the states of its runs, in order; the last one is that of every further run.
Only a job whose state is COMPLETED is really run, and becomes FAILED if its command fails.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

COMMANDS = ("sbatch", "srun", "sacct", "squeue", "scancel", "scontrol", "sinfo")
HERE = "STUB_SLURM"
FIRST_ID = 4711
# What the documentation of sbatch knows and the plugin may use: (names, takes a value).
_OPTIONS = (
    ("--parsable", False), ("--job-name", True), ("--output", True), ("--export", True), ("--comment", True),
    ("-A", True), ("-p", True), ("-t", True), ("--mem", True), ("--ntasks", True), ("--cpus-per-task", True),
    ("--gpus", True), ("--nodes", True), ("-D", True), ("--wrap", True),
)  # fmt: skip


def install(folder: Path, fates: dict[str, list[str]]) -> dict[str, str]:
    """Write the commands into a folder and return the environment that finds them first."""
    (folder / "bin").mkdir(parents=True)
    for command in COMMANDS:
        file = folder / "bin" / command
        file.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "{__file__}" {command} "$@"\n')
        file.chmod(0o755)
    (folder / "fates.json").write_text(json.dumps(fates))
    return {HERE: str(folder), "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def submitted(folder: Path) -> list[dict[str, str]]:
    """Return what each job asked for, in the order of their numbers."""
    files = sorted(folder.glob("job-*.json"), key=lambda file: int(file.stem.partition("-")[2]))
    return [json.loads(file.read_text()) for file in files]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"sbatch: {message}\nTry 'sbatch --help' for more information\n")
        raise SystemExit(1)


def sbatch(folder: Path, arguments: list[str]) -> int:
    parser = _Parser("sbatch", allow_abbrev=False)
    for name, has_value in _OPTIONS:
        if has_value:
            parser.add_argument(name, required=name == "--wrap")
        else:
            parser.add_argument(name, action="store_true")
    asked = {
        name: str(value) for name, value in vars(parser.parse_args(arguments)).items() if value is not None
    }
    command = asked.pop("wrap")
    number = FIRST_ID
    while True:
        try:
            (folder / f"claim-{number}").touch(exist_ok=False)  # two jobs may be submitted at the same moment
            break
        except FileExistsError:
            number += 1
    fates = json.loads((folder / "fates.json").read_text()).get(asked["comment"], ["COMPLETED"])
    before = sum(job["comment"] == asked["comment"] for job in submitted(folder))
    state = fates[min(before, len(fates) - 1)]
    log = Path(asked["output"].replace("%j", str(number)))
    with open(log, "w") as told:
        if state == "COMPLETED":
            env = {**os.environ, "SLURM_JOB_ID": str(number)}
            env |= {"SLURM_GPUS": asked["gpus"]} if "gpus" in asked else {}
            done = subprocess.run(
                ["/bin/sh", "-c", command], cwd=asked["D"], env=env, stdout=told, stderr=told, check=False
            )
            state = "FAILED" if done.returncode else state
        elif state == "TIMEOUT":
            told.write(
                f"slurmstepd: error: *** JOB {number} ON node1 CANCELLED AT 2024-01-01T00:00:00 DUE TO TIME LIMIT ***\n"
            )
        else:
            told.write("srun: error: node1: task 0: Exited with exit code 1\n")
    content = {**asked, "id": str(number), "state": state, "log": str(log)}
    (folder / f"job-{number}.json").write_text(json.dumps(content))
    _say(number if "parsable" in asked else f"Submitted batch job {number}")
    return 0


def _say(text: object) -> None:
    sys.stdout.write(f"{text}\n")


def srun(_: Path, arguments: list[str]) -> int:
    while arguments and arguments[0].startswith("-"):  # -n1 --cpu-bind=q --cpus-per-task=2 --gpus=1 --nodes=1
        arguments.pop(0)
    return subprocess.run(arguments, check=False).returncode


def _value(arguments: list[str], name: str) -> str:
    for place, argument in enumerate(arguments):
        if argument == name:
            return arguments[place + 1]
        if argument.startswith(f"{name}="):
            return argument.partition("=")[2]
    return ""


def sacct(folder: Path, arguments: list[str]) -> int:
    if "-X" in arguments:  # one line per job, fields as asked: JobIdRaw,State
        assert _value(arguments, "--format") == "JobIdRaw,State" and "--parsable2" in arguments, arguments
        for job in submitted(folder):
            if job["job_name"] == _value(arguments, "--name"):
                _say(f"{job['id']}|{job['state']}")
    return 0  # without accounts and reasons, as on a cluster that keeps none


def squeue(folder: Path, arguments: list[str]) -> int:
    for job in submitted(folder):
        if job["job_name"] == _value(arguments, "--name"):
            _say(f"{job['id']}|{job['state']}")
    return 0


def scancel(*_: object) -> int:
    return 0


def scontrol(_: Path, arguments: list[str]) -> int:
    assert arguments == ["show", "config"], arguments
    _say("Configuration data as of 2024-01-01T00:00:00")
    _say("MaxArraySize            = 1001")
    _say("MinJobAge               = 300 sec")
    return 0


def sinfo(_: Path, arguments: list[str]) -> int:
    assert arguments == ["-o", "%P"], arguments
    _say("PARTITION\nmain*\nother")
    return 0


if __name__ == "__main__":
    sys.exit(globals()[sys.argv[1]](Path(os.environ[HERE]), sys.argv[2:]))
