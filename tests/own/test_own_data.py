"""A user's own data, from a table to a stored model that predicts; and what cannot be used, said or counted."""

from __future__ import annotations

import csv
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pymatgen.core import Composition
from rounding import assert_same_but_for_rounding
from typer.testing import CliRunner

import replicate
from replicate import cli, data, predict
from replicate.data.structures import to_structure
from replicate.errors import ConfigError, DataError
from replicate.own import reading, recipes
from replicate.own.model import Model
from replicate.training import store
from replicate.training.fit import _Run

SMALL = "atcnn/formation-energy-per-atom"
QUICK: dict[str, Any] = {"seeds": 2, "epochs": 2, "say": lambda line: None}


@pytest.fixture(scope="module")
def energies() -> pd.DataFrame:
    """Return 60 formulas and formation energies, eV/atom."""
    table = data.load("experimental-formation-energy").table
    return table.sample(60, random_state=0).reset_index(drop=True)


@pytest.fixture(scope="module")
def trained(energies: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Model:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPLICATE_WORK", str(tmp_path_factory.mktemp("own")))
        return replicate.train(
            energies["formula"], energies["formation_energy_per_atom"], SMALL, unit="eV/atom", **QUICK
        )


@pytest.fixture(scope="module")
def crystals() -> pd.DataFrame:
    """Return 24 structures with their energies."""
    table = data.load("faber2015").table.iloc[::160].head(24).reset_index(drop=True)
    return table.assign(structure=[to_structure(text) for text in table["structure"]])


@pytest.fixture(scope="module")
def cifs(crystals: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return their files, each called by its name."""
    folder = tmp_path_factory.mktemp("cifs")
    files = [folder / f"{name}.cif" for name in crystals["material_id"]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for file, structure in zip(files, crystals["structure"], strict=True):
            structure.to(filename=str(file))
    return files


def test_errors_are_those_of_the_tests_by_split_and_model(trained: Model) -> None:
    errors = trained.errors
    assert set(errors.index.get_level_values("model")) == {"atcnn", "extra-trees-fractions"}
    for kind, table in trained.tests.groupby("split"):
        by_seed = (table["predicted"] - table["target"]).abs().groupby(table["seed"]).mean()
        row = errors.loc[(kind, "atcnn")]
        assert [row["mae"], row["mae_sd"]] == pytest.approx([by_seed.mean(), by_seed.std(ddof=1)], rel=1e-5)
        assert row["rows"] == 12
    assert {"random", "system"} <= set(trained.tests["split"])


def test_a_saved_model_comes_back_and_predicts_by_its_name(trained: Model, energies: pd.DataFrame, tmp_path) -> None:
    asked = [*energies["formula"][:3], "xx", "KBr", Composition("LiF")]
    before = trained.predict(asked)
    trained.save("mine/energy")
    trained.save(str(tmp_path / "energy.safetensors"))
    for name in ("mine/energy", str(tmp_path / "energy.safetensors")):
        again = replicate.load_model(name)
        assert_same_but_for_rounding(again.predict(asked)[0].value, before[0].value)
        assert again.errors.equals(trained.errors) and again.card.training == trained.card.training
        assert [one.distance for one in predict.predict(name, asked)] == [one.distance for one in before]
    assert "mine/energy" in predict.model_names() and not predict.takes_crystals("mine/energy")
    card = trained.card
    assert (card.unit, card.quantity, card.training["samples"]) == ("eV/atom", "target", 60)
    assert card.training["schedule"]["epochs"] == 2 and card.version == replicate.__version__
    with pytest.raises(ConfigError, match="choose another name"):
        trained.save("atcnn/band-gap")
    for name in ("gap", "../gap", "mine//gap", "mine/a--b", "mine/.."):
        with pytest.raises(ConfigError, match="called like mine/gap"):
            trained.save(name)


def test_what_was_seen_and_what_was_not_are_told_apart(trained: Model, energies: pd.DataFrame) -> None:
    seen, unseen = trained.predict([energies["formula"][0], "Rb7Xe3"])
    assert seen.distance == 0 and Composition(seen.nearest) == Composition(energies["formula"][0])
    assert unseen.distance > 0.5 and unseen.expected_error >= seen.expected_error
    for one in (seen, unseen):
        assert one.low < one.value < one.high and one.high - one.value >= one.expected_error
        assert one.value - one.low == pytest.approx(one.high - one.value)


def test_a_training_that_was_cut_goes_on_and_is_never_done_twice(energies, monkeypatch) -> None:
    rows = energies["formula"], energies["formation_energy_per_atom"]
    epoch, done = _Run.one_epoch, []

    def counted(run: _Run) -> None:
        if len(done) == cut:
            raise KeyboardInterrupt
        done.append(run.epoch)
        epoch(run)

    monkeypatch.setattr(_Run, "one_epoch", counted)
    cut = 3
    with pytest.raises(KeyboardInterrupt):
        replicate.train(*rows, SMALL, **QUICK)
    cut = -1
    first = replicate.train(*rows, SMALL, **QUICK)
    total = len(done)
    assert total <= 2 * first.errors.index.get_level_values("split").nunique() + 1
    again = replicate.train(*rows, SMALL, **QUICK)
    assert len(done) == total and again.errors.equals(first.errors)


@pytest.mark.parametrize("name", [SMALL, "atcnn/band-gap"])
def test_a_start_that_learns_nothing_predicts_as_before(name, energies, monkeypatch) -> None:
    monkeypatch.setattr(recipes, "_FINE", 1e-30)
    # Of other size than those of the start: neither scaling nor output bias may follow them.
    targets = energies["formation_energy_per_atom"] + 20
    lines: list[str] = []
    model = replicate.train(energies["formula"], targets, model=name, start=True, seeds=2, epochs=1, say=lines.append)
    asked = ["GaN", "NaCl", "Fe2O3"]
    shipped = store.load_ensemble(store.find_ensemble(name))
    from replicate.features.composition import parse

    expected = shipped.predict(parse(asked))[:2].mean(0)
    assert_same_but_for_rounding([one.value for one in model.predict(asked)], expected)
    assert model.card.training["start"] == name and model.card.unit == shipped.card.unit
    # A start that does not store its compositions cannot count them, and says so.
    known = shipped.reference is not None
    assert any("the start was trained on" in line and ("unknown" in line) != known for line in lines)


def test_crystals_come_as_structures_texts_and_files(crystals: pd.DataFrame, cifs: list[Path]) -> None:
    texts = [file.read_text(encoding="utf-8") for file in cifs]
    y = crystals["formation_energy_per_atom"]
    options = {**QUICK, "seeds": 1, "epochs": 1}
    model = replicate.train(texts, y, "cgcnn", unit="eV/atom", **options)
    assert replicate.train(cifs, y, "cgcnn", **options).card.training["digest"] == model.card.training["digest"]
    model.save("mine/crystals")
    assert predict.takes_crystals("mine/crystals")
    found = replicate.load_model("mine/crystals").predict([texts[0], str(cifs[1]), crystals["structure"][2]])
    # One seed: the first is a test crystal, which the model does not know.
    assert found[0].distance > 0 and [one.distance for one in found[1:]] == [0.0, 0.0]
    assert {one.unit for one in found} == {"eV/atom"}
    assert None not in [one.value for one in found]
    with pytest.raises(DataError, match=r"the model reads formulas, and these are crystals.*row 1"):
        replicate.train(cifs, y, "atcnn", **options)


def test_classes_are_true_and_false(energies: pd.DataFrame) -> None:
    y = energies["formation_energy_per_atom"] < energies["formation_energy_per_atom"].median()
    model = replicate.train(energies["formula"], y, "elemnet", **{**QUICK, "seeds": 1, "epochs": 1})
    assert model.card.unit == "probability" and {"auc", "accuracy"} <= set(model.errors.columns)
    assert all(0 <= one.value <= 1 for one in model.predict(["GaN", "NaCl"]))
    with pytest.raises(DataError, match="targets are 0 and 1"):
        replicate.train(energies["formula"], np.arange(60.0), "atcnn/metal", start=True, **QUICK)


FORMULAS = [f"{a}{b}" for a in ("Li", "Na", "K", "Rb", "Cs") for b in ("F", "Cl", "Br", "I", "H")]
Y = np.linspace(1, 2, 25)
CIF = "data_x\n_cell_length_a 1\n"


@pytest.mark.parametrize(
    ("formulas", "y", "problem"),
    [
        (FORMULAS, [*Y[:-1], "high"], r"a target is no number \(row 25, value 'high'\)"),
        (FORMULAS, [*Y[:-1], np.inf], r"a target is infinite \(row 25"),
        (FORMULAS, Y[:-1], "25 inputs have 24 targets"),
        (FORMULAS, np.ones(25), r"all targets are the same \(value 1.0\)"),
        (FORMULAS[:19], Y[:19], "19 of 19 inputs can be used, and 20 are needed"),
        (FORMULAS, [*Y[:15], *[np.nan] * 10], "15 of 25 inputs can be used.*row 16 is left out: the target is missing"),
        (["xx"] * 25, Y, "0 of 25 inputs can be used.*row 1 is left out: cannot read 'xx'"),
        ([*FORMULAS[:-1], CIF], Y, r"formulas and crystals are mixed.*\(row 25"),
        ([*FORMULAS[:-1], "a.cif"], Y, r"formulas and crystals are mixed.*\(row 25, value 'a.cif'\)"),
        ("GaN", Y, "train takes several inputs, not one string"),
        (FORMULAS, 3.0, "targets are a list of numbers"),
    ],
)
def test_what_cannot_be_used_is_named(formulas: Any, y: Any, problem: str) -> None:
    with pytest.raises((DataError, ConfigError), match=problem):
        replicate.train(formulas, y, SMALL, **QUICK)


def test_what_is_left_out_is_counted_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_LISTED", 3)
    lines: list[str] = []
    formulas = [*FORMULAS[:-1], "Na2Cl2", "Ga²", "LrO", None, "GaN"]
    y = [*Y[:-1], 1.5, 1, 1, 1, None]
    model = replicate.train(formulas, y, SMALL, seeds=1, epochs=1, say=lines.append)
    assert lines[0] == "25 of 29 inputs are used" and model.card.training["left_out"] == 4
    assert "row 26" in lines[1] and "row 27" in lines[2] and lines[4] == "left out: 1 more"
    assert lines[5].startswith("1 repeat a composition") and model.card.training["notes"][:6] == lines[:6]


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"model": "atcnn/nothing"}, "no trained model 'atcnn/nothing'.*representations: atcnn, periodic-table"),
        ({"model": "atcnn", "profile": "full"}, "a profile needs a model"),
        ({"model": "cgcnn"}, "the model reads crystals, and these are formulas"),
        ({"seeds": 0}, "seeds must be 1 to"),
        ({"epochs": 0}, "epochs and batch_size must be at least 1"),
        ({"start": True}, "name it"),
        ({"start": SMALL, "unit": "K"}, "the start predicts eV/atom, and the targets are K"),
        ({"start": SMALL, "model": "atcnn/band-gap"}, "has other layers than atcnn/band-gap"),
        ({"start": "atcnn/metal", "model": None}, "two classes apart"),
    ],
)
def test_settings_that_do_not_fit_are_refused(settings: dict[str, Any], problem: str) -> None:
    with pytest.raises((ConfigError, DataError), match=problem):
        replicate.train(FORMULAS, Y, **{**QUICK, **settings})


def test_one_chemical_system_has_no_system_split() -> None:
    lines: list[str] = []
    formulas = [f"Fe{i}O{j}" for i in range(1, 7) for j in range(1, 6)]
    model = replicate.train(formulas, np.arange(30.0), SMALL, seeds=1, epochs=1, say=lines.append)
    assert "system" not in model.errors.index.get_level_values("split")
    assert any(line.startswith("there is no system split") for line in lines)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "data.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("formula", "gap"), *zip(FORMULAS, Y, strict=True)])
    return path


def call(*arguments: str) -> Any:
    return CliRunner().invoke(cli.app, list(arguments))


def test_the_command_trains_and_saves_what_predict_takes(table: Path) -> None:
    train = ("train", str(table), "--target", "gap", "--save", "mine/gap", "--model", SMALL, "--unit", "eV")
    done = call(*train, "--seeds", "1", "--epochs", "1")
    assert done.exit_code == 0, (done.output, done.exception)
    assert "MAE (eV)" in done.stdout and "mine--gap.own.safetensors" in done.stdout
    found = call("predict", "mine/gap", "NaCl", "--csv").stdout
    (row,) = csv.DictReader(found.splitlines())
    assert row["nearest"] == "NaCl" and float(row["distance"]) == 0 and float(row["expected_error"]) > 0


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--target", "energy", "--save", "mine/x"), "has no column 'energy'; there are formula, gap"),
        (("--target", "gap", "--save", "mine/x", "--input", "cif"), "has no column 'cif'"),
        (("--target", "formula", "--save", "mine/x"), "a target is no number (file"),
        (("--target", "gap", "--save", "gap"), "a model is called like mine/gap"),
        (("--target", "gap", "--save", "atcnn/metal"), "choose another name"),
    ],
)
def test_the_command_names_what_is_wrong(table: Path, arguments: tuple[str, ...], problem: str) -> None:
    done = call("train", str(table), *arguments)
    assert done.exit_code == 1 and problem in str(done.exception)


def test_a_table_without_rows_is_named(tmp_path: Path) -> None:
    (path := tmp_path / "empty.csv").write_text("formula,gap\n", encoding="utf-8")
    done = call("train", str(path), "--target", "gap", "--save", "mine/x")
    assert "empty.csv has no row below its header" in str(done.exception)


def test_crystals_lie_beside_the_table_or_in_a_folder(crystals: pd.DataFrame, cifs: list[Path], tmp_path: Path) -> None:
    path = tmp_path / "energies.csv"
    table = crystals[["material_id", "formation_energy_per_atom"]]
    (cifs[0].parent / "broken.cif").write_text("no CIF", encoding="utf-8")
    bad = [table[:1].assign(material_id=name) for name in ("mp-absent", "broken")]
    pd.concat([table, *bad]).to_csv(path, index=False)
    wanted = ["--target", "formation_energy_per_atom", "--save", "mine/ef", "--model", "cgcnn", "--seeds", "1"]
    done = call("train", str(path), *wanted, "--input", "material_id", "--cifs", str(cifs[0].parent), "--epochs", "1")
    assert done.exit_code == 0, (done.output, done.exception)
    assert "24 of 26 inputs are used" in done.stdout
    assert "left out: row 25, mp-absent: cannot be read: there is no such file" in done.stdout
    assert re.search(r"left out: row 26, .*: not a readable CIF: [^()]+\n", done.stdout)
    done = call("train", str(path), *wanted, "--input", "material_id", "--cifs", str(tmp_path / "nothing"))
    assert "0 of 26 inputs can be used" in str(done.exception) and "no such file" in str(done.exception)
