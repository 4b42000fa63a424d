"""Reading periodic table: training rows of the temporal tests hold nothing of what they are tested on."""

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist

from replicate.data.konno import is_cuprate, is_iron_based, is_precursor, superconductors
from replicate.evaluation.distances import composition_distance
from replicate.experiments.konno2021 import iron, specs
from replicate.experiments.konno2021.configs import COD_2007, COD_2009, HOSONO_LIST, SUPERCON, TrainingSet
from replicate.experiments.konno2021.hosono import load_list
from replicate.experiments.konno2021.training_sets import Known, load_cod, same_as_any, training_rows
from replicate.features.composition import parse, reduced_keys
from replicate.report.names import SPLIT_NAMES
from replicate.results import records


@pytest.fixture(autouse=True)
def _lists(request, needs):
    if "run" in request.fixturenames:
        needs(SUPERCON, COD_2007, COD_2009, HOSONO_LIST)


def test_compositions_alike_to_a_thousandth_are_the_same():
    alike = parse(["Fe2Se2", "Fe1.001Se1", "Fe0.499Se0.501", "Fe1Se1Te0.001"])  # the third exactly 0.001 apart
    assert same_as_any(alike, parse(["Fe1Se1"])).all()
    assert not same_as_any(parse(["Fe1.01Se1", "Fe1Se1Te0.01"]), parse(["Fe1Se1"])).any()


def test_sameness_holds_in_the_arithmetic_of_training():
    """Trees of SciPy crash once denormal numbers are flushed to zero, as the fit loop has it."""
    rng = np.random.default_rng(0)
    many = parse([f"Fe{a:.4f}Se{b:.4f}Te{c:.6f}" for a, b, c in rng.uniform(0.0001, 1, (500, 3))])
    torch.set_flush_denormal(True)
    try:
        assert same_as_any(many, many).all()
    finally:
        torch.set_flush_denormal(False)
    assert same_as_any(many, parse([])).sum() == 0


def test_the_temporal_test_learns_nothing_later_and_nothing_it_is_tested_on(run):
    tested, _ = load_list(run, HOSONO_LIST)
    rows = training_rows(run, TrainingSet(until=2009, cod=COD_2009), apart_from=tested)
    table = run.dataset(SUPERCON).table
    early = set(table.loc[(table["year"] <= 2009).fillna(False), "formula"])
    superconductors = [f for f, part in zip(rows.compositions.formulas, rows.part, strict=True) if part == 0]
    assert set(superconductors) <= early
    assert cdist(rows.compositions.fractions, tested.fractions, "chebyshev").min() > 1e-3
    assert (rows.target[rows.part == 1] == 0).all()
    everything = training_rows(run, TrainingSet(until=2009, cod=COD_2009))
    assert 0 < len(everything) - len(rows) < 100  # the rule has work to do


@pytest.mark.parametrize("family", ["iron-based", "cuprates"])
def test_discovery_learns_nothing_later_and_nothing_it_is_asked_about(run, family):
    discovery = next(d for d in specs.IRON.full.discoveries if d.family == family)
    tested = iron.tested_compositions(run, discovery, COD_2009)
    without = {"iron-based": is_precursor, "cuprates": is_cuprate}[family]
    rows = training_rows(run, discovery.data, apart_from=tested.compositions, without=without)
    table = run.dataset(SUPERCON).table
    early = set(table.loc[(table["year"] <= discovery.data.until).fillna(False), "formula"])
    assert {f for f, part in zip(rows.compositions.formulas, rows.part, strict=True) if part == 0} <= early
    assert not without(rows.compositions).any()
    assert not same_as_any(rows.compositions, tested.compositions).any()
    discovered = tested.compositions.take(tested.group == "found")
    assert (is_iron_based if family == "iron-based" else is_cuprate)(discovered).all()
    others = tested.compositions.take(tested.group != "found")
    assert len(others) and not same_as_any(others, discovered).any()
    prepared = superconductors(run.dataset(SUPERCON)).table
    known = parse(prepared.loc[prepared["critical_temperature"] > 0, "formula"].tolist())
    alike, relatives = (
        composition_distance(tested.compositions.fractions[tested.group == name], known.fractions)
        for name in ("alike", "relatives")
    )
    assert alike.min() >= iron.RELATIVE > relatives.max()
    assert bool(tested.bare.any()) == (family == "iron-based")  # every cuprate holds oxygen


def test_superconductors_without_a_year_are_neither_before_a_year_nor_at_zero(run):
    table = superconductors(run.dataset(SUPERCON)).table
    undated = table[table["year"].isna() & (table["critical_temperature"] > 0)]
    rows = training_rows(run, TrainingSet(until=2007, cod=COD_2007))
    taught = rows.groups("composition")[rows.part == 1]
    assert not np.isin(reduced_keys(parse(undated["formula"].tolist())), taught).any()
    assert run.arrays[f"undated/{COD_2007}"] > 0


def test_rows_are_cut_from_each_source_and_the_digest_tells(run):
    few = training_rows(run, TrainingSet(cod=COD_2007, cod_rows=30, supercon_rows=20))
    assert np.bincount(few.part).tolist() == [20, 30]
    assert few.digest != training_rows(run, TrainingSet(cod=COD_2007, cod_rows=31, supercon_rows=20)).digest
    pool = load_cod(run, COD_2007)
    counts = run.arrays[f"cod/{COD_2007}"]
    assert counts["kept"] == len(pool)
    assert counts["read"] == counts["unreadable"] + counts["organic"] + counts["repeated"] + counts["kept"]


def test_validation_rows_are_no_training_rows_and_seeds_differ(run):
    rows = training_rows(run, TrainingSet(cod=COD_2007, cod_rows=100, supercon_rows=100))
    known = Known.all_but_validation(rows, (0, 1))
    first, second = known.splits
    assert not set(first.train) & set(first.validation) and len(first.test) == 0
    assert len(first.train) + len(first.validation) == len(rows)
    assert first.digest != second.digest
    assert known.held.shape == (2, 10)


def test_names_that_are_no_formulas_are_filed_and_named_compounds_are_not_learnt_from(smoke):
    assert [name for _, name, _ in smoke("konno2021-hosono").arrays["list/unreadable"]] == ["LaIrPn"]
    removed = smoke("konno2021-candidates").arrays["kept-out/supercon-all+konno-cod-2009"]
    assert removed["rows"] >= 2  # CaBi2 and Hf0.5Nb0.2V2Zr0.3


def test_every_discovery_says_how_often_the_same_models_are_wrong(smoke):
    metrics = smoke("konno2021-iron").metrics
    for family, controls in (("iron-based", ("alike", "metal")), ("cuprates", ("alike",))):
        # The settings may ask for fewer networks of one kind.
        for model, runs in (("periodic-resnet", 2), ("shallow", 1), ("forest", 2)):
            for name in ("found", "found_share", *(f"{c}_share" for c in controls), "auc"):
                assert len(metrics[f"{family}/{model}/{name}"].values) == runs
        assert len(metrics[f"{family}-held/two-means/r2"].values) == 2
        assert len(metrics[f"{family}-held/shallow/r2"].values) == 1


def test_two_means_are_those_of_the_training_rows_alone(run):
    rows = training_rows(run, TrainingSet(cod=COD_2007, cod_rows=100, supercon_rows=400))
    known = Known.all_but_validation(rows, [0])
    known.score_two_means(run, "some-held")
    split, cuprate = known.splits[0], is_cuprate(rows.compositions)
    ours = rows.part == 0
    train, held = (np.isin(np.arange(len(rows)), part) & ours for part in (split.train, split.validation))
    means = [rows.target[train & (cuprate == yes)].mean() for yes in (False, True)]
    error = rows.target[held] - np.where(cuprate[held], means[1], means[0])
    assert run.metrics["some-held/two-means/rmse"].values[0] == pytest.approx(np.sqrt((error**2).mean()), rel=1e-5)
    assert run.metrics["some-held/two-means/r2"].n == held.sum()


def test_the_two_pictures_of_a_composition_are_compared_on_the_same_rows():
    ours, atom_table = (records.full_record(f"{paper}-gap") for paper in ("konno2021", "zeng2019"))
    assert [ours.splits[kind] == atom_table.splits[kind] for kind in SPLIT_NAMES] == [True] * len(SPLIT_NAMES)
