"""Records: one schema-checked JSON file per experiment and profile, the book's only numbers."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replicate import __version__, paths
from replicate.errors import DataError
from replicate.wording import number_of

if TYPE_CHECKING:
    import jsonschema

_PACKAGE = Path(__file__).parents[1]
_PACKAGES = ("torch", "numpy", "pandas", "scikit-learn", "xgboost-cpu", "pymatgen", "matminer")


@dataclass(frozen=True)
class Metric:
    """One score: a value per seed (or a single one), in ``unit``, over ``n`` test rows."""

    unit: str
    values: tuple[float, ...]
    n: int | None = None

    @property
    def mean(self) -> float:
        """Mean over seeds."""
        return statistics.fmean(self.values)

    @property
    def sd(self) -> float | None:
        """Sample standard deviation over seeds; None for a single value."""
        return statistics.stdev(self.values) if len(self.values) > 1 else None


@dataclass(frozen=True)
class Record:
    """What a run measured and how; see ``record_schema.json`` for the file.

    Args:
        key: hash of the settings, the seeds and the digests of the data; of the package too, unless ``full``.
        config: the experiment's settings as JSON values.
        budget: what the training falls short of the paper's by, for people; empty: nothing.
        change: what a variant changes of the experiment's settings; empty: nothing, the only kind in the book.
        data: name, digest and number of rows of each dataset that was read.
        metrics: ``<split or group>/<model>/<metric>`` → Metric.
        arrays: what a figure needs in reduced form (2-D histograms, ROC points, learning curves); never
            rows of a licensed dataset.
        training: per network: epochs, best epochs, seconds.
        splits: split kind → one digest per seed.
        environment: device, versions, commit, date, and wall time in s.
    """

    experiment: str
    profile: str
    key: str
    config: dict[str, Any]
    budget: str = field(default="", kw_only=True)
    change: str = field(default="", kw_only=True)
    data: list[dict[str, Any]]
    splits: dict[str, list[str]]
    seeds: list[int]
    metrics: dict[str, Metric]
    arrays: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the record as JSON values, with mean and standard deviation written out."""
        plain = {"schema": 1, **asdict(self)}
        if not self.change:
            del plain["change"]
        plain["metrics"] = {
            key: {"unit": m.unit, "values": list(m.values), "mean": m.mean, "sd": m.sd, "n": m.n}
            for key, m in self.metrics.items()
        }
        return plain

    def describe(self) -> str:
        """Return one line: profile, seeds, device and time."""
        seeds = number_of(len(self.seeds), "seed")
        device = self.environment["device_name"]
        change = f" with {self.change}" if self.change else ""
        return f"{self.experiment}, {self.profile} profile{change}, {seeds}, {device}, {self.spent}"

    @property
    def spent(self) -> str:
        """Return how long the run took, in words."""
        seconds = self.environment["wall_time_s"]
        if seconds < 1:
            return "under 1 s"
        return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"

    def core_hours(self, network: str, epochs: int, members: int | None = None) -> float | None:
        """Return how long (h) one core of the processor that made the record would train a network for ``epochs``.

        ``members`` networks, else as many as in the record. None where it has no such network or was made elsewhere.
        """
        spent = self.training.get(network)
        if spent is None or self.environment["device"] != "cpu":
            return None
        trained = len(spent["best_epoch"])
        return float(spent["seconds"] / spent["epochs"] * epochs * (members or trained) / trained / 3600)


@cache
def _validator() -> jsonschema.Draft202012Validator:
    import jsonschema

    text = (resources.files("replicate.results") / "record_schema.json").read_text(encoding="utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))


def _check(plain: Any, path: Path) -> None:
    for problem in _validator().iter_errors(plain):
        raise DataError(f"record breaks the schema at {problem.json_path}: {problem.message}", file=path)


def _rounded(value: Any) -> Any:
    """Return JSON values with floats cut to 7 significant digits, so that diffs stay readable."""
    if isinstance(value, float):
        return float(f"{value:.7g}")
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(v) for v in value]
    return value


def _dump(value: Any, indent: int = 0) -> str:
    """Return JSON with one line per innermost list, which is what a reviewer can read."""
    inner = " " * (indent + 1)
    if isinstance(value, dict) and value:
        rows = [f"{inner}{json.dumps(str(k))}: {_dump(v, indent + 1)}" for k, v in value.items()]
        return "{\n" + ",\n".join(rows) + "\n" + " " * indent + "}"
    if isinstance(value, list) and any(isinstance(v, dict) for v in value):
        rows = [inner + _dump(v, indent + 1) for v in value]
        return "[\n" + ",\n".join(rows) + "\n" + " " * indent + "]"
    return json.dumps(value, allow_nan=False)


def save(record: Record, path: Path) -> None:
    """Write a record whole, or raise DataError where it breaks the schema or holds a value that is not finite."""
    plain = _rounded(record.to_json())
    _check(plain, path)
    try:
        text = _dump(plain) + "\n"
    except ValueError as error:
        raise DataError(f"record holds a value that is not finite: {error}", file=path) from error
    with paths.written_whole(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def load(path: Path) -> Record:
    """Read a record, or raise DataError where the file is no JSON or breaks the schema."""
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"not a readable record: {error}", file=path) from error
    _check(plain, path)
    del plain["schema"]
    plain["metrics"] = {k: Metric(m["unit"], tuple(m["values"]), m["n"]) for k, m in plain["metrics"].items()}
    return Record(**plain)


def record_path(experiment: str, profile: str, key: str) -> Path:
    """Return where a record lives: full ones in the book, others in the local work folder."""
    if profile == "full":
        return paths.results_dir() / f"{experiment}.json"
    return paths.work_dir() / "records" / f"{experiment}-{profile}-{key}.json"


def full_record(experiment: str) -> Record | None:
    """Return the committed full-profile record, or None when the experiment has not been run in full."""
    path = paths.committed(f"{experiment}.json")
    return load(path) if path.is_file() else None


def made_with(record: Record, config: dict[str, Any]) -> bool:
    """Return whether a record was made with these settings, given as JSON values at full precision."""
    return bool(record.config == _rounded(json.loads(json.dumps(config))))


def latest_local(experiment: str) -> Record | None:
    """Return the record of the last local run with another profile than full, or None.

    A file that is no record is passed over: a broken leftover must not keep the other pages from being made.
    """
    files = paths.finished(paths.work_dir() / "records", f"{experiment}-*.json")
    for path in sorted(files, key=lambda path: path.stat().st_mtime, reverse=True):
        try:
            record = load(path)
        except DataError:
            continue
        if record.experiment == experiment and record.profile != "full":
            return record
    return None


def _git(*words: str) -> str | None:
    """Return what git says in the folder of this package; None where it fails or is not there."""
    try:
        done = subprocess.run(["git", *words], cwd=_PACKAGE, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


@cache
def git_commit() -> str | None:
    """Return the commit of this checkout; None for a package that is installed, be it inside another repository."""
    return _git("rev-parse", "HEAD") if _git("ls-files", "--error-unmatch", "__init__.py") else None


@cache
def version() -> str:
    """Return the version of this package, with its commit unless that has the version's tag: ``0.1.0+g1234567``.

    ``.dirty`` at the end says that its files are not those of the commit.
    """
    commit = git_commit()
    if commit is None or f"v{__version__}" in (_git("tag", "--points-at", "HEAD") or "").split():
        return __version__
    return f"{__version__}+g{commit[:7]}" + (".dirty" if _git("status", "--porcelain", "--", ".") else "")


@cache
def commit_note(commit: str | None) -> str:
    """Return what is wrong with the commit that a record names; empty where nothing is, or nobody can know."""
    if commit is None:
        return "no commit was noted"
    if not re.fullmatch("[0-9a-f]{7,64}", commit):
        return "no commit"
    if git_commit() is None or _git("merge-base", "--is-ancestor", commit, "HEAD") is not None:
        return ""
    shallow = _git("rev-parse", "--is-shallow-repository") == "true"
    return "commit not in this shallow clone" if shallow else "commit not in this history"


def environment(device: str, device_name: str, seconds: float) -> dict[str, Any]:
    """Return what a record says about where it was made."""
    versions = {"replicate": version()}
    for package in _PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return {
        "device": device,
        "device_name": device_name,
        "wall_time_s": round(seconds, 1),
        "versions": versions,
        "git_commit": git_commit(),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }
