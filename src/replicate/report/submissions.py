"""Results of others, filed in ``book/submissions`` and scored on the published splits of an experiment's record."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from replicate import experiments, paths, wording
from replicate.errors import ConfigError, DataError
from replicate.report.html import table
from replicate.report.links import page_link
from replicate.report.names import METRIC_NAMES, MODEL_NAMES, SPLIT_NAMES, spread
from replicate.results import papers, records
from replicate.results.records import Metric, Record

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from replicate.evaluation.splits import Split
    from replicate.experiments.core import Experiment
    from replicate.experiments.samples import Samples

COLUMNS = ("split", "seed", "row", "prediction")
_TEXT = {"type": "string", "minLength": 1, "maxLength": 300}
_DIGESTS = {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": "^[0-9a-f]{16}$"}}
_FIELDS = {
    **dict.fromkeys(("who", "model", "about", "experiment"), _TEXT),
    "source": {"type": "string", "pattern": r"^(https://\S+|[\w./-]+\.py)$"},
    "splits": {"type": "object", "minProperties": 1, "additionalProperties": _DIGESTS},
    "predictions": {"type": "string", "pattern": r"^[\w-]+\.parquet$"},
    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}


@dataclass(frozen=True)
class Submission:
    """A filed result; ``name`` is that of its file.

    Args:
        source: address of the paper or the code, or a script of this repository.
        about: settings, and how they were chosen.
        splits: kind of split → the digests of the record, one per seed.
        predictions: file beside it, with :data:`COLUMNS`.
        sha256: of that file.
    """

    name: str
    who: str
    model: str
    source: str
    about: str
    experiment: str
    splits: dict[str, list[str]]
    predictions: str
    sha256: str


def _folder() -> Path:
    return paths.root() / "book" / "submissions"


def submission_names() -> list[str]:
    """Return the names of what is filed; the template, whose name starts with ``_``, is not."""
    return [path.stem for path in paths.finished(_folder(), "*.yaml") if not path.name.startswith("_")]


def load_submission(name: str) -> Submission:
    """Return a submission by name, or raise ConfigError or DataError where there is none or its file breaks a rule."""
    import jsonschema

    path = _folder() / f"{name}.yaml"
    if name not in (names := submission_names()):
        raise ConfigError(f"no submission {name!r} in book/submissions: {', '.join(names) or 'none'}")
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataError(f"not readable as YAML: {error}", file=path) from error
    schema = {"type": "object", "required": [*_FIELDS], "properties": _FIELDS, "additionalProperties": False}
    problem = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(raw))
    if problem is not None:
        raise DataError(f"{problem.json_path.removeprefix('$.')}: {problem.message}", file=path)
    return Submission(name, **raw)


@cache
def published_splits(experiment: str, kind: str = "random") -> tuple[Samples, Sequence[Split]]:
    """Return the rows or crystals of an experiment and its record's splits of one kind, one per seed.

    Raises:
        ConfigError: no such experiment or kind of split, no full record, or splits that only a run draws.
        DataError: the splits drawn from the data here are not the record's.
        MissingDataset: the data are not here.
    """
    from replicate.experiments.core import called
    from replicate.experiments.verification import run_again

    spec, record = _recorded(experiment)
    run = run_again(record)
    samples, _ = called(spec.check, run)
    splits = run.drawn.get(kind, ())
    _check_digests(record, kind, [split.digest for split in splits], "drawn from the data here")
    return samples, splits


def _recorded(experiment: str) -> tuple[Experiment, Record]:
    spec, record = experiments.get(experiment), records.full_record(experiment)
    if record is None or not spec.check or not _printed(experiment):
        raise ConfigError(f"{experiment} takes no submissions: no number of it is one score on random splits")
    return spec, record


def _printed(experiment: str) -> dict[str, papers.Target]:
    """Return score → the best that the paper prints of a network on random splits."""
    best: dict[str, papers.Target] = {}
    for target in papers.targets(experiment):
        kind, _, score = target.metric.rpartition("/")
        if target.kind == "trained" and kind.startswith("random/"):
            other = best.setdefault(score, target)
            if (target.published - other.published) * (-1 if target.better == "lower" else 1) > 0:
                best[score] = target
    return best


def _check_digests(record: Record, kind: str, digests: list[str], what: str) -> None:
    if kind not in record.splits:
        raise ConfigError(f"{record.experiment} has no split {kind!r}; it has {', '.join(record.splits)}")
    published, where = record.splits[kind], f"{record.experiment}, split {kind}"
    if len(digests) != len(published):
        raise DataError(f"{where}: {wording.number_of(len(digests), 'digest')} {what}, published {len(published)}")
    for seed, ours, other in zip(record.seeds, published, digests, strict=True):
        if ours != other:
            raise DataError(f"{where}, seed {seed}: the digest {what} is {other}, the published one {ours}")


def score_submission(submission: Submission) -> dict[str, Metric]:
    """Return the scores of a submission by ``<split>/<name>/<score>``, as those of a record.

    Raises:
        ConfigError, MissingDataset: as :func:`published_splits`.
        DataError: digests, the file of predictions or one of its rows do not fit; names file and row.
    """
    import numpy as np
    import pandas as pd

    from replicate.data.digest import file_sha256
    from replicate.evaluation.metrics import regression_metrics
    from replicate.experiments.scoring import class_scores

    spec, record = _recorded(submission.experiment)
    for kind, digests in submission.splits.items():
        _check_digests(record, kind, digests, "filed")
    file = _folder() / submission.predictions
    if not file.is_file():
        raise DataError("there is no such file beside the submission", file=file)
    if (sha256 := file_sha256(file)) != submission.sha256:
        raise DataError(f"its sha256 is {sha256}, and another one is filed", file=file)
    try:
        predictions = pd.read_parquet(file, columns=list(COLUMNS))
    except (OSError, ValueError) as error:  # pyarrow's are among these, with many lines
        reason = str(error).partition("\n")[0]
        raise DataError(f"no parquet table with {', '.join(COLUMNS)}: {reason}", file=file) from error
    filed = predictions["split"].isin(submission.splits) & predictions["seed"].isin(record.seeds)
    if not filed.all():
        place = int(np.argmin(filed))
        other = predictions.iloc[place]
        reason = f"split {other['split']}, seed {other['seed']}: no digest is filed for it"
        raise DataError(reason, file=file, row=int(predictions.index[place]) + 1)
    metrics: dict[str, Metric] = {}
    printed = _printed(spec.id)
    classes = spec.config("full").classes if "auc" in printed else None
    for kind in submission.splits:
        samples, splits = published_splits(spec.id, kind)
        pairs = [(samples.target[s.test], _predicted(predictions, s, file, classes is not None)) for s in splits]
        scores = [class_scores(*pair, classes) if classes else regression_metrics(*pair) for pair in pairs]
        for name in scores[0]:
            unit = printed["mae"].unit if name in ("mae", "rmse") else ""
            values = tuple(of_seed[name] for of_seed in scores)
            metrics[f"{kind}/{submission.name}/{name}"] = Metric(unit, values, len(splits[0].test))
    return metrics


def _predicted(predictions: pd.DataFrame, split: Split, file: Path, probability: bool) -> np.ndarray:
    """Return the predictions (n,) for a split's test rows, in their order."""
    import numpy as np
    import pandas as pd

    part = predictions[(predictions["split"] == split.kind) & (predictions["seed"] == split.seed)]
    values = pd.to_numeric(part["prediction"], errors="coerce")
    where = f"split {split.kind}, seed {split.seed}"
    for problem, bad in {
        "the row stands twice": part["row"].duplicated(),
        "the row is no test row": ~part["row"].isin(split.test),
        "the prediction is no probability": ~values.between(0, 1) & probability,
        "the prediction is not finite": ~np.isfinite(values),
    }.items():
        if bad.any():
            at = part.iloc[place := int(np.argmax(bad))]
            problem = f"{where}: {problem} (column row: {at['row']}, prediction: {at['prediction']})"
            raise DataError(problem, file=file, row=int(part.index[place]) + 1)
    if len(missing := np.setdiff1d(split.test, part["row"])):
        count = wording.number_of(len(missing), "test row")
        raise DataError(f"{where}: no prediction for {count}, such as row {missing[0]}", file=file)
    return values.set_axis(part["row"]).loc[split.test].to_numpy(dtype=float)


def file_scores(submission: Submission) -> dict[str, Metric]:
    """Return :func:`score_submission` after writing it to ``NAME.json``, for the pages."""
    metrics = score_submission(submission)
    stored = {"sha256": submission.sha256, "metrics": {key: asdict(metric) for key, metric in metrics.items()}}
    with paths.written_whole(_folder() / f"{submission.name}.json") as temporary:
        temporary.write_text(f"{json.dumps(stored, indent=1)}\n", encoding="utf-8")
    return metrics


def stored_scores(submission: Submission) -> dict[str, Metric]:
    """Return the scores that were written of a submission; none where it, or its predictions, are newer."""
    path = _folder() / f"{submission.name}.json"
    stored = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    metrics = stored["metrics"] if stored.get("sha256") == submission.sha256 else {}
    return {key: Metric(m["unit"], tuple(m["values"]), m["n"]) for key, m in metrics.items()}


def compared(submission: Submission, scores: Mapping[str, Metric]) -> Iterator[dict[str, Any]]:
    """Yield each printed score as submitted, beside the paper's network and the best model here, in its unit."""
    _, record = _recorded(submission.experiment)
    printed = _printed(submission.experiment)
    for key, metric in scores.items():
        kind, _, score = key.split("/")
        if score not in printed:
            continue
        target = printed[score]
        network = target.metric.split("/")[1]
        alike = (name for name in record.metrics if fnmatchcase(name, f"{kind}/*/{score}"))
        ours = {name.split("/")[1]: record.metrics[name] for name in alike}
        best = (min if target.better == "lower" else max)(ours, key=lambda model: ours[model].mean)
        shown = {"submitted": metric, "network": ours.get(network), "best_here": ours[best]}
        yield {
            "split": kind,
            "score": score,
            "unit": target.unit,
            **{
                name: other and replace(other, unit=target.unit, values=tuple(v * target.scale for v in other.values))
                for name, other in shown.items()
            },
            "best": best,
            "printed": target.printed if target.metric == f"{kind}/{network}/{score}" else "",
        }


def submitted(experiment: str | None = None) -> str:
    """Return what is filed for an experiment, or for all, as a table of HTML; empty where nothing is."""
    names = METRIC_NAMES | SPLIT_NAMES | MODEL_NAMES
    lines = []
    for entry in map(load_submission, submission_names()):
        if experiment not in (None, entry.experiment):
            continue
        who, model, source, about = map(html.escape, (entry.who, entry.model, entry.source, entry.about))
        link = f'<a href="{source}">{source}</a>' if source.startswith("https") else f"<code>{source}</code>"
        where = f"; {page_link(entry.experiment)}" if experiment is None else ""
        head = f'{model}<br><span class="note">{who}, {link}{where}<br>{about}</span>'
        rows = list(compared(entry, stored_scores(entry)))
        if not rows:
            lines.append([f"{head}<br>not scored: <code>replicate score {entry.name}</code>", *[wording.MISSING] * 5])
        for row in rows:
            score, kind, best = (names.get(row[part], row[part]) for part in ("score", "split", "best"))
            unit = f" ({row['unit']})" if row["unit"] else ""
            three = (row[part] for part in ("submitted", "network", "best_here"))
            cells = [wording.MISSING if metric is None else spread(metric) for metric in three]
            cells[2] += f'<br><span class="note">{best}</span>'
            first = head and f'<div class="text">{head}</div>'
            label = f"{score.replace('_', ' ')}{unit}, {kind}"
            lines.append([first, label, *cells, row["printed"] or wording.MISSING])
            head = ""
    header = ("submitted", "score", "theirs", "the paper's network, here", "best here", "printed")
    return table(header, lines, numeric=(2, 3, 4, 5), caption="Results of others").data if lines else ""
