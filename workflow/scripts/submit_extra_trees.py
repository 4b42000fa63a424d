"""File the example of ``book/submissions``: extra trees on Magpie statistics tell metals from semiconductors.

Settings are chosen on each split's own validation rows, by cross-entropy; test rows are only predicted.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pandas as pd
import yaml
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.metrics import log_loss

from replicate.data.digest import file_sha256
from replicate.features.magpie import magpie
from replicate.report.submissions import COLUMNS, published_splits

NAME, EXPERIMENT = "extra-trees-magpie", "zeng2019-metal"
GRID = tuple(product((1, 2), ("sqrt", 1 / 3)))  # rows in a leaf, share of the features tried at a node
folder = Path(__file__).parents[2] / "book" / "submissions"
tables, digests = [], {}
for kind in ("random", "system"):
    rows, splits = published_splits(EXPERIMENT, kind)
    x, y = magpie(rows.compositions).to_numpy("float32"), rows.target
    digests[kind] = [split.digest for split in splits]
    for split in splits:
        tried = []
        for leaf, features in GRID:
            trees = ExtraTreesClassifier(
                200, min_samples_leaf=leaf, max_features=features, random_state=split.seed, n_jobs=1
            ).fit(x[split.train], y[split.train])
            held = trees.predict_proba(x[split.validation])[:, 1]
            tried.append((log_loss(y[split.validation], held), leaf, str(features), trees))
        *chosen, trees = min(tried, key=lambda trial: trial[0])
        print(kind, split.seed, *chosen, flush=True)
        predicted = trees.predict_proba(x[split.test])[:, 1].astype("float32")
        columns = (kind, split.seed, split.test.astype("int32"), predicted)
        tables.append(pd.DataFrame(dict(zip(COLUMNS, columns, strict=True))))
path = folder / f"{NAME}.parquet"
pd.concat(tables, ignore_index=True).to_parquet(path, index=False, compression="zstd")
filed = {
    "who": "the replicate contributors",
    "model": "Extra trees on Magpie statistics",
    "source": "workflow/scripts/submit_extra_trees.py",
    "about": "200 trees; rows in a leaf and share of features chosen on validation rows, by cross-entropy.",
    "experiment": EXPERIMENT,
    "splits": digests,
    "predictions": path.name,
    "sha256": file_sha256(path),
}
text = yaml.safe_dump(filed, sort_keys=False, allow_unicode=True, width=110)
path.with_suffix(".yaml").write_text(text, encoding="utf-8")
