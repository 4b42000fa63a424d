"""What every experiment promises, at smoke size: complete records, answers to the paper, no rows of the data."""

import json

import numpy as np
import pytest

from replicate import experiments, paths
from replicate.results import papers, records
from replicate.results.compare import measured

IDS = [experiment.id for experiment in experiments.all_experiments()]
OF_PAPERS = [question.id for question in papers.questions()]
# One worker runs an experiment for all tests that ask for its record.
EACH = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in IDS]
WITHOUT_SPLITS = ("xie2018-nacl-kcl", "quinn2022-data", "quinn2022-ionization", "beyond-floor")
WITHOUT_NETWORKS = (*WITHOUT_SPLITS, "beyond-register")  # its networks are those that are shipped
# What smoke runs leave out: the database as a whole, properties that no bundled table holds, most of long series.
LATER = {
    "quinn2022-classifier-benchmarks": ("training-size/", "features/", "convolutions", "batch-size"),
    "quinn2022-features": ("cuprate/", "iron-based/", "low-tc/"),
    "quinn2022-regression-as-classifier": ("threshold-",),
    "quinn2022-regression": ("diborides/", "bismuthates/", "stanev-10K/"),
    "quinn2022-regression-benchmarks": ("training-size/", "epochs-validation/"),
    "quinn2022-thresholds": ("threshold-50K/", "thresholds-20-and-30K/", "stanev-10K/"),
    "xie2018-elastic": ("new-crystals/",),
    "xie2018-formation": ("data/list/", "measured/", "random/cgcnn-eq5-short/"),
    "xie2018-hyperparameters": ("step-",),
    "xie2018-perovskites": ("made/",),
    "xie2018-properties": ("formation_energy/", "absolute_energy/", "fermi_energy/"),
}


@pytest.mark.parametrize("name", OF_PAPERS)
def test_every_published_number_of_the_experiment_is_measured_in_full(name):
    """A target without a metric would stay 'not run' for ever; full records must answer them all."""
    full = records.full_record(name)
    assert full is not None
    missing = [t.metric for t in papers.targets(name) if measured(full, t.metric) is None and not t.cannot_run]
    # A record made on a processor may leave out what only a long run can answer; the scoreboard says so.
    assert not missing or (full.budget and missing == ["validation/atcnn/best_epoch"])


@pytest.mark.parametrize(
    "name", [one for one in EACH if str(one.values[0]).startswith(("xie2018", "konno2021", "quinn2022"))]
)
def test_a_smoke_run_answers_the_paper(smoke, name):
    asked = {one.metric for one in papers.targets(name) if not one.cannot_run}
    asked |= {one.metric for one in papers.claims(name)}
    asked |= {metric for claim in papers.claims(name) for _, metric in claim.others}
    missing = {metric for metric in asked - smoke(name).metrics.keys() if metric is not None}
    assert not [metric for metric in missing if not metric.startswith(LATER.get(name, ("nothing",)))]


@pytest.mark.parametrize("name", EACH)
def test_a_record_is_complete(smoke, name):
    record = smoke(name)
    assert record.profile == "smoke" and len(record.seeds) == experiments.get(name).config("smoke").seeds
    assert record.data and all(d["rows"] > 0 for d in record.data)
    assert record.metrics
    assert bool(record.training) == (name not in WITHOUT_NETWORKS)
    assert bool(record.splits) == (name not in WITHOUT_SPLITS)
    for metric in record.metrics.values():
        assert np.isfinite(metric.values).all()


@pytest.mark.parametrize("name", EACH)
def test_a_run_gives_the_record_that_is_read_later(smoke, name, tmp_path):
    """A page made from a fresh run shows the same digits as one made from the file."""
    records.save(smoke(name), tmp_path / "record.json")
    assert records.load(tmp_path / "record.json") == smoke(name)


@pytest.mark.parametrize("name", EACH)
def test_no_row_of_the_data_stands_in_a_record(smoke, name):
    """Reduced arrays only: no list as long as a test set, no table with a column of formulas."""
    for key, value in smoke(name).arrays.items():
        text = json.dumps(value)
        assert '"formula"' not in text, key
        assert len(text) < 60_000, key


def test_a_smoke_run_never_touches_the_book(smoke):
    smoke("zeng2019-gap")
    assert all(record.profile == "full" for record in map(records.load, paths.results_dir().glob("*.json")))
