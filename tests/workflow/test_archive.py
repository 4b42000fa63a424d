"""The archive is whole, says of each record, dataset and model what the repository says, and is the same each time."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import mlcroissant as mlc
import pytest
import yaml
from rocrate.rocrate import ROCrate

import replicate
from replicate import data, experiments, paths
from replicate.errors import DataError
from replicate.results import papers, records
from replicate.training import store
from workflow import archive

RECORDS = sorted(paths.results_dir().glob("*.json"))


@pytest.fixture(scope="module")
def top(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return archive.write(tmp_path_factory.mktemp("archive")).with_suffix("")


@pytest.fixture(scope="module")
def crate(top: Path) -> ROCrate:
    return ROCrate(top)


def test_every_file_is_listed_with_its_size_and_digest(top: Path, crate: ROCrate) -> None:
    listed = {entity.id: entity for entity in crate.data_entities if not entity.id.startswith("https:")}
    own = {"ro-crate-metadata.json", "ro-crate-preview.html"}
    assert own | set(listed) == {path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file()}
    for name, entity in listed.items():
        content = (top / name).read_bytes()
        assert (entity["contentSize"], entity["sha256"]) == (str(len(content)), hashlib.sha256(content).hexdigest())


def test_all_that_an_entity_refers_to_is_in_the_crate(crate: ROCrate) -> None:
    known = {entity.id for entity in crate.get_entities()}
    elsewhere = ("https://w3id.org/", "https://doi.org/", "https://snakemake.")  # profiles, and what rocrate says
    for entity in crate.get_entities():
        for value in entity.properties().values():
            for one in value if isinstance(value, list) else [value]:
                assert not isinstance(one, dict) or one["@id"] in known or one["@id"].startswith(elsewhere), entity.id
    root = crate.root_dataset
    assert root["citation"] == [crate.get(f"https://doi.org/{paper.doi}") for paper in papers.papers()]
    assert crate.mainEntity.id == "workflow/Snakefile" and root["license"].id == "https://spdx.org/licenses/MIT"


def test_every_record_is_the_result_of_one_run(crate: ROCrate) -> None:
    runs = {}
    for run in crate.get_by_type("CreateAction"):
        results = run["result"] if isinstance(run["result"], list) else [run["result"]]
        assert runs.setdefault(results[0].id, run) is run
    assert set(runs) == {f"results/{path.name}" for path in RECORDS}
    for path in RECORDS:
        record, run = records.load(path), runs[f"results/{path.name}"]
        given = {each["name"]: each["value"] for each in run["object"] if each.type == "PropertyValue"}
        sources = [each["name"] for each in run["object"] if each.type == "File"]
        made = record.environment
        digests = {f"digest of {read['name']}": read["digest"] for read in record.data}
        seeds = record.seeds if len(record.seeds) > 1 else record.seeds[0]
        device = made["device_name"]
        assert given == {"profile": "full", "key": record.key, "seeds": seeds, "device": device, **digests}
        assert sources == [read["name"] for read in record.data]
        assert run["instrument"]["identifier"] == f"swh:1:rev:{made['git_commit']}"
        assert run["instrument"]["softwareVersion"] == made["versions"]["replicate"]
        assert run["endTime"] == made["finished"]
    for source in crate.data_entities:
        if source.id.startswith("https:") or source.id.endswith(".parquet"):
            assert all(source[term] for term in ("identifier", "license", "creditText", "url")), source.id


@pytest.mark.parametrize("name", data.names())
def test_the_card_of_a_dataset_is_croissant(name: str, top: Path) -> None:
    card = data.entry(name)
    read = mlc.Dataset(jsonld=top / "data" / f"{name}.json").metadata
    assert (read.name, read.description, read.cite_as) == (name, card.title, card.citation)
    file = read.distribution[0]
    assert (file.sha256 == card.sha256) if card.archive is None else (card.archive.digest in file.description)
    assert file.content_url == (card.url or card.file)
    fields = [field for rows in read.record_sets for field in rows.fields]
    assert [field.name for field in fields] == [column.name for column in card.columns]
    for field, column in zip(fields, card.columns, strict=True):
        unit = field.annotations[0].value if field.annotations else "as upstream"
        assert column.kind != "number" or column.means.startswith(unit), f"{column.name}: {column.means} has no unit"


def test_a_packed_table_can_be_read_through_its_card(top: Path) -> None:
    rows = mlc.Dataset(jsonld=top / "data" / "zhuo2018-gap.json").records("zhuo2018-gap")
    table = data.load("zhuo2018-gap").table
    assert [row["zhuo2018-gap/band_gap"] for row in rows] == table["band_gap"].tolist()


def test_codemeta_is_of_this_version(top: Path) -> None:
    said = json.loads((top / "codemeta.json").read_text(encoding="utf-8"))
    assert said["@context"] == "https://w3id.org/codemeta/3.0" and said["@type"] == "SoftwareSourceCode"
    assert said["version"] == replicate.__version__ and said["softwareVersion"] == records.version()
    assert (
        said["license"] == "https://spdx.org/licenses/MIT" and said["author"][0]["name"] in said["author"][0].values()
    )
    assert all(said[term] for term in ("name", "description", "keywords", "dateModified", "softwareRequirements"))
    assert [paper["name"] for paper in said["referencePublication"]] == [paper.title for paper in papers.papers()]


@pytest.mark.parametrize("weights", sorted(store.SHIPPED.glob("*.safetensors")), ids=lambda path: path.stem)
def test_a_model_has_a_card(weights: Path, top: Path) -> None:
    text = (top / "models" / f"{weights.stem}.md").read_text(encoding="utf-8")
    _, head, body = text.split("---\n", 2)
    said, stored = yaml.safe_load(head), store.read_card(weights)
    assert said["sha256"] == hashlib.sha256((top / "models" / said["file"]).read_bytes()).hexdigest()
    assert (top / "models" / said["file"]).read_bytes() == weights.read_bytes()
    assert said["name"] == stored.name and len(said["elements"]) == len(stored.elements)
    record = records.load(top / said["record"])
    assert said["data"][0]["digest"] == record.data[0]["digest"] and said["splits"]["random"] == record.splits["random"]
    assert said["core_hours"] > 0
    scores = {key: float(value) for key, value in re.findall(r"^\| `(\S+)` \| (\S+)", body, re.MULTILINE)}
    assert scores == {key: pytest.approx(record.metrics[key].mean, rel=0.01, abs=1e-3) for key in scores} != {}
    if "usual" in stored.distances and stored.unit != "probability":  # the mean error that is stored with the weights
        (error,) = (scores[key] for key in scores if re.fullmatch(r"random/[^/]+/mae", key))
        assert error == pytest.approx(stored.distances["usual"], rel=0.01)


def test_two_archives_are_byte_for_byte_the_same(top: Path, tmp_path: Path) -> None:
    elsewhere = os.environ | {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "workflow", "archive", "--folder", str(tmp_path)]
    done = subprocess.run(command, cwd=paths.root(), env=elsewhere, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    again = tmp_path / f"replicate-{replicate.__version__}.zip"
    assert done.stdout.strip() == str(again)
    assert again.read_bytes() == top.with_name(again.name).read_bytes()
    with zipfile.ZipFile(again) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == {
            path.relative_to(top).as_posix(): path.read_bytes() for path in top.rglob("*") if path.is_file()
        }


def damaged(text: str) -> str:
    return text[: len(text) // 2]


def without_commit(text: str) -> str:
    plain = json.loads(text)
    plain["environment"]["git_commit"] = None
    return json.dumps(plain)


def of_other_data(text: str) -> str:
    plain = json.loads(text)
    return text.replace(plain["data"][0]["digest"], "0" * 64)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (None, "no committed record; `replicate run"),
        (damaged, "not a readable record"),
        (without_commit, "names no commit"),
        (of_other_data, "is not the registered one"),
    ],
)
def test_a_record_that_cannot_be_archived_is_named(change, problem, tmp_path, monkeypatch) -> None:
    for path in RECORDS:
        shutil.copy(path, tmp_path)
    first = tmp_path / f"{next(experiments.all_experiments()).id}.json"
    if change is None:
        first.unlink()
    else:
        first.write_text(change(first.read_text(encoding="utf-8")), encoding="utf-8")
    monkeypatch.setattr(paths, "results_dir", lambda: tmp_path)
    with pytest.raises(DataError, match=problem) as error:
        archive.write(tmp_path / "out")
    assert str(first) in str(error.value) and not (tmp_path / "out").exists()
