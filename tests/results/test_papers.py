"""The papers' numbers: what the package answers, and that each file agrees with itself."""

import dataclasses

import numpy as np
import pytest

from replicate.errors import ConfigError
from replicate.evaluation.metrics import largest_auc, regression_metrics
from replicate.results import compare, papers
from replicate.results.verdict import NOT_RUN, OTHER_DATA


def by_metric(experiment: str) -> dict[str, papers.Target]:
    return {target.metric: target for target in papers.targets(experiment)}


SCORES = {"r", "r2", "auc", "f1", "accuracy", "precision", "recall", "metal_recall", "semiconductor_recall"}


def test_every_experiment_has_a_number_or_a_statement_and_statements_have_words():
    for experiment in papers.questions():
        assert papers.targets(experiment.id) or papers.claims(experiment.id), experiment.id
    shown = [c for c in papers.claims() if c.paper != "zeng2019" or c.experiment == "zeng2019-elements"]
    assert shown and [c.id for c in shown if not c.quantity] == []


def test_units_and_directions_are_those_of_the_scores():
    scores = 0
    for target in papers.targets():
        name = target.metric.rsplit("/")[-1]
        assert target.scale == (100 if target.unit == "%" else 1), target.id  # measured as a fraction
        if target.unit == "%":
            assert 1 <= target.published <= 100, target.id
        if name in SCORES:
            scores += 1
            assert 0 < target.published / target.scale <= 1, target.id
            # A rival's or a constant baseline's value is to be met: beating it is no success of the paper's claim.
            rival = {"baseline", "svr", "svc"} & set(target.metric.split("/")) or "cited from" in target.note
            assert target.better == ("equal" if rival else "higher"), target.id
        if name in {"mae", "rmse"} and "poisson" not in target.metric:
            assert target.unit in {"K", "eV", "eV/atom", "log(GPa)"}, target.id
        if name in {"rows", "compounds", "test_rows"} and "more than" not in target.quantity:
            assert target.better == "equal" and target.published == int(target.published), target.id
    assert scores > 60


@pytest.mark.parametrize(
    ("experiment", "metric", "published", "unit"),
    [
        ("zeng2019-gap", "random/atcnn/mae", "0.307", "eV"),
        ("zeng2019-formation", "random/elemnet/mae", "0.15", "eV/atom"),
        ("zeng2019-metal", "random/atcnn/metal_recall", "91.2", "%"),
        ("zeng2019-tc", "group-III/atcnn/rmse", "13.98", "K"),
        ("zeng2019-tc-insulators", "all/atcnn-ii/mae", "3.17", "K"),
        ("zeng2019-held-out", "held-out/atcnn-i/MgB2", "38.0", "K"),
        ("xie2018-elastic", "bulk_modulus/cgcnn-eq5/mae", "0.054", "log(GPa)"),
        ("xie2018-perovskites", "search/all/within_cutoff", "33", ""),
        ("konno2021-hosono", "above-10K/forest/precision", "88", "%"),
        ("quinn2022-regression", "any-iron/any-iron/mae", "6.4", "K"),
    ],
)
def test_known_numbers_are_found_under_their_metric(experiment, metric, published, unit):
    target = by_metric(experiment)[metric]
    assert (target.printed, target.unit, target.experiment) == (published, unit, experiment)


def test_no_printed_precision_and_recall_above_0_kelvin_admit_the_auc_judged_as_the_forests_above_10():
    target = by_metric("konno2021-hosono")["above-10K/forest/auc"]
    rows = papers.table("konno2021", "table1").query("threshold == 0").set_index("model")
    for model in ("Our DL model Reg", "Our DL model Cls"):
        half = 0.5  # of the last printed digit, in percent
        corners = [
            largest_auc((rows.loc[model, "precision"] + p) / 100, (rows.loc[model, "recall"] + r) / 100, 83, 174)
            for p in (-half, half)
            for r in (-half, half)
        ]
        assert max(corners) < target.published - target.half_digit
    # The forest's own point above 0 K would not exclude it.
    assert largest_auc(0.71, 0.27, 83, 174) > target.published - target.half_digit


def test_table_3_errors_follow_from_its_columns_but_for_the_noted_ones():
    table = papers.table("zeng2019", "table3")
    assert " ".join(table["formula"]) == "GaN CdTe LiF TiO2 CuSbS2 ZnS Cu2ZnSnS4 PbTe GaAs ZnO"
    targets = by_metric("zeng2019-gap")
    measured = table["experiment"].to_numpy(float)
    disagree = {}
    for column in ("pbe", "hse", "gw", "svr", "atcnn"):
        scores = regression_metrics(measured, table[column].to_numpy(float))
        for name in ("mae", "rmse"):
            target = targets[f"table3/{column}/{name}"]
            if abs(scores[name] - target.published) > target.half_digit * (1 + 1e-9):
                disagree[target.metric] = round(scores[name], 3)
                assert f"{scores[name]:.3f}" in target.note, target.id
    assert disagree == {
        "table3/pbe/mae": 1.678,
        "table3/hse/rmse": 1.055,
        "table3/gw/mae": 0.236,
        "table3/gw/rmse": 0.339,
    }


def test_targets_agree_with_zeng_table_2_and_3():
    held_out, gap = by_metric("zeng2019-held-out"), by_metric("zeng2019-gap")
    for row in papers.table("zeng2019", "table2").to_dict("records"):
        for column, model in (("atcnn_i", "atcnn-i"), ("atcnn_ii", "atcnn-ii")):
            assert held_out[f"held-out/{model}/{row['formula']}"].published == row[column]
    for row in papers.table("zeng2019", "table3").to_dict("records"):
        assert gap[f"table3/authors/{row['formula']}"].published == row["atcnn"]


def test_targets_agree_with_xie_table_1():
    targets = by_metric("xie2018-properties") | by_metric("xie2018-elastic")
    formation, *rows = papers.table("xie2018", "table1").to_dict("records")
    # The text and the tables agree on Eq. 5 only.
    assert by_metric("xie2018-formation")["random/cgcnn-eq5/mae"].published == formation["mae_eq5"]
    assert f"{formation['mae_eq4']} in Table S4" in by_metric("xie2018-formation")["random/cgcnn-eq4/mae"].note
    names = ["absolute_energy", "band_gap", "fermi_energy", "bulk_modulus", "shear_modulus", "poisson_ratio"]
    for name, row in zip(names, rows, strict=True):
        for convolution in ("eq4", "eq5"):
            target = targets[f"{name}/cgcnn-{convolution}/mae"]
            assert (target.published, target.unit) == (row[f"mae_{convolution}"], row["unit"])


def test_xie_search_table_holds_what_the_text_counts():
    table = papers.table("xie2018", "table_s5")
    targets = by_metric("xie2018-perovskites")
    assert len(table) == targets["search/all/within_cutoff"].published == table["formula"].nunique()
    assert (table["set"] == "test").sum() == papers.stated("xie2018/search-found-test").values[0]
    assert (table["energy"] < 0.2).all()
    assert all(f.startswith(a + b) for f, a, b in table[["formula", "a_site", "b_site"]].to_numpy())
    share = 33 / 378 / (228 / 18928)
    assert round(share) == targets["search/all/factor"].published


def test_xie_atom_features_have_the_stated_lengths():
    features = papers.table("xie2018", "table_s2").set_index("property")["categories"]
    length = by_metric("xie2018-hyperparameters")["hydrogen/group-period/length"]
    assert features["group number"] + features["period number"] == length.published
    assert features.drop("atom distance").sum() == 93


def test_targets_agree_with_konno_table_1():
    targets = by_metric("konno2021-hosono")
    models = {
        "Baseline": "baseline",
        "Our DL model Reg": "regression",
        "Our DL model Cls": "classification",
        "Random Forest Cls": "forest",
    }
    for row in papers.table("konno2021", "table1").to_dict("records"):
        for score in ("accuracy", "precision", "recall", "f1"):
            metric = f"above-{row['threshold']}K/{models[row['model']]}/{score}"
            if np.isnan(row[score]):
                assert metric not in targets
            else:
                assert targets[metric].published == row[score], metric


def test_konno_f1_follows_from_precision_and_recall_but_for_the_noted_one():
    table = papers.table("konno2021", "table1").dropna()
    f1 = 2 * table["precision"] * table["recall"] / (table["precision"] + table["recall"])
    off = (f1 - table["f1"]).abs() > 0.7
    assert table[off][["model", "threshold"]].to_numpy().tolist() == [["Our DL model Reg", 0]]
    assert f"{f1[off].iloc[0]:.1f}" in by_metric("konno2021-hosono")["above-0K/regression/f1"].note


def test_targets_agree_with_quinn_classes():
    targets = by_metric("quinn2022-regression")
    for row in papers.table("quinn2022", "classes").to_dict("records"):
        # The printed scores fit the wide reading of the iron-based class.
        names = {"all": "random", "iron-based": "any-iron"}
        group, model = (names.get(row[k].lower(), row[k].lower()) for k in ("test_class", "model"))
        for score in ("r2", "mae"):
            if not np.isnan(row[score]):
                assert targets[f"{group}/{model}/{score}"].published == row[score]


@pytest.mark.parametrize(
    ("printed", "about", "half_digit"),
    [
        ("0.307", False, 0.0005), ("13,598", False, 0.5), ("17 000", False, 0.5), ("-1", False, 0.5),
        ("8.0", False, 0.05),
        # The last zeros of an integer that is about are not significant.
        ("17 000", True, 500), ("13,598", True, 0.5), ("900", True, 50), ("0.90", True, 0.005), ("0", True, 0.5),
    ],
)  # fmt: skip
def test_half_digit_follows_the_printed_decimals(printed, about, half_digit):
    target = dataclasses.replace(papers.targets("zeng2019-gap")[0], printed=printed, about=about)
    assert target.half_digit == pytest.approx(half_digit, rel=1e-12)


@pytest.mark.parametrize(
    ("model", "experiment", "short"),
    [("ATCNN-I", "zeng2019-tc", "atcnn"), ("ATCNN-II", "zeng2019-tc-insulators", "atcnn-ii")],
)
def test_targets_agree_with_zeng_table_1(model, experiment, short):
    rows, targets = papers.table("zeng2019", "table1").query("model == @model"), by_metric(experiment)
    for row in rows[rows["compounds"] != "Total"].to_dict("records"):
        for score in ("mae", "rmse"):
            assert targets[f"group-{row['compounds']}/{short}/{score}"].published == row[score]
    assert rows["rows"].iloc[1:].sum() == rows["rows"].iloc[0]


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: papers.paper("zeng2020"), "zeng2020.*konno2021"),
        (lambda: papers.targets("zeng2019-gaps"), "zeng2019-gaps.*zeng2019-gap"),
        (lambda: papers.claims("zeng2019-gaps"), "no experiment"),
        (lambda: papers.table("zeng2019", "table9"), "table9.*table1"),
        (lambda: papers.stated("zeng2019/none"), "zeng2019/none"),
    ],
)
def test_unknown_names_are_errors_that_name_the_known_ones(ask, message):
    with pytest.raises(ConfigError, match=message):
        ask()


def test_numbers_on_other_data_are_not_judged_and_those_that_cannot_be_run_say_why():
    rows = {row.id: row for row in compare.scoreboard()}
    other = [target for target in papers.targets() if target.other_data]
    refused = [target for target in papers.targets() if target.cannot_run]
    assert other and {t.experiment for t in refused} >= {"quinn2022-attributes", "xie2018-elastic"}
    for target in other:
        assert rows[target.id].verdict == OTHER_DATA
        assert compare.compare(target, None).verdict == NOT_RUN
    for target in refused:
        assert rows[target.id].verdict == NOT_RUN and rows[target.id].note.startswith(target.cannot_run)


def test_numbers_without_a_run_are_read_as_printed():
    assert papers.stated("zeng2019/script-epochs").values == (2500,)
    batch = papers.stated("quinn2022/class-batch")
    assert (batch.printed, batch.values, batch.where) == ("25–50", (25, 50), "Results, SI Fig. 1B")
    # Both values of a contradiction are kept.
    total, text = by_metric("zeng2019-tc")["random/atcnn/mae"], papers.stated("zeng2019/tc-mae-text").printed
    assert (total.printed, text) == ("4.27", "4.12") and text in total.note
