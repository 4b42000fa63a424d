"""What a reader can deposit, such as at Zenodo: the records as an RO-Crate, with a card for each dataset and model.

A record is the result of one run (Process Run Crate), the Snakefile the workflow behind them all (Workflow RO-Crate).
Bundled tables are packed; the others are named by address, DOI and digest. Neither the time of day nor chance enters,
so that a commit gives the same bytes again.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from datetime import datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from rocrate.rocrate import ROCrate

from replicate import data, experiments, paths, repository
from replicate.data.registry import bundled_dir
from replicate.errors import DataError
from replicate.report.citation import newest_record
from replicate.report.commands import full_run
from replicate.results import records
from replicate.results.records import Record
from replicate.training import store
from workflow import cards

Reference = dict[str, str]  # to an entity of the crate, by its ``@id``
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
# Terms that the context of RO-Crate 1.1, which both profiles build on, does not have.
_TERMS = {term: f"http://schema.org/{term}" for term in ("copyrightNotice", "creditText", "sha256")}
_TERMS["resourceUsage"] = "https://w3id.org/ro/terms/workflow-run#resourceUsage"


def write(folder: Path) -> Path:
    """Write the archive into a folder as ``replicate-<version>`` and a zip of that; return the path of the zip.

    Raises:
        DataError: an experiment has no committed record, or a record is damaged, names no commit, or other data.
    """
    logging.getLogger("absl").setLevel(logging.ERROR)  # mlcroissant says of each dataset which optional terms it lacks
    known = [_checked(paths.results_dir() / f"{one.id}.json") for one in experiments.all_experiments()]
    crate, top = _crate(known), folder / f"replicate-{cards.cited()['version']}"
    with paths.folder_written_whole(top) as temporary:
        crate.write(temporary)
        shutil.rmtree(top, ignore_errors=True)
    with paths.written_whole(top.with_name(f"{top.name}.zip")) as temporary, ZipFile(temporary, "w") as packed:
        when = datetime.fromisoformat(newest_record()).timetuple()[:6]
        for path in sorted(path for path in top.rglob("*") if path.is_file()):
            info = ZipInfo(path.relative_to(top).as_posix(), when)
            info.external_attr, info.compress_type = 0o644 << 16, ZIP_DEFLATED
            packed.writestr(info, path.read_bytes())
    return top.with_name(f"{top.name}.zip")


def _checked(path: Path) -> Record:
    if not path.is_file():
        raise DataError(f"no committed record; `replicate run {path.stem} --profile full` makes it", file=path)
    record = records.load(path)
    if record.environment["git_commit"] is None:
        raise DataError("the record names no commit", file=path)
    for read in record.data:
        card = data.entry(read["name"])
        registered = {"table": card.digest, "archive": card.sha256}.get(card.form, read["digest"])
        if read["digest"] != registered:
            raise DataError(f"the record's {card.name} is not the registered one", file=path, value=read["digest"])
    return record


class _Crate(ROCrate):  # type: ignore[misc]  # rocrate is not typed
    """A crate that knows what a file weighs, and adds an entity once."""

    def file(self, name: str, content: bytes, /, **about: Any) -> dict[str, Any]:
        """Return what rocrate takes of a file."""
        about = {"name": PurePosixPath(name).name, "encodingFormat": cards.format_of(name), **about}
        about |= {"contentSize": str(len(content)), "sha256": hashlib.sha256(content).hexdigest()}
        return {"source": BytesIO(content), "dest_path": name, "properties": about}

    def put(self, name: str, content: bytes, /, **about: Any) -> Reference:
        """Add a file, and return a reference to it."""
        return {"@id": self.add_file(**self.file(name, content, **about)).id}

    def once(self, id: str, kind: str, **about: Any) -> Reference:
        """Add an entity unless it is there, and return a reference to it; a list of one value is that value."""
        if id not in self:
            single = {term: v[0] if isinstance(v, list) and len(v) == 1 else v for term, v in about.items()}
            self.add_jsonld({"@id": id, "@type": kind, **single})
        return {"@id": id}


def _crate(known: list[Record]) -> ROCrate:
    crate, book, top = _Crate(gen_preview=True, version="1.1"), cards.cited(), paths.root()
    crate.metadata.extra_terms = _TERMS
    described = cards.codemeta()
    crate.put("codemeta.json", cards.as_json(described))
    for name in ("CITATION.cff", "LICENSE"):
        crate.put(name, (top / name).read_bytes())
    licence = crate.once(described["license"], "CreativeWork", name=book["license"])
    rules = crate.file("workflow/Snakefile", (top / "workflow/Snakefile").read_bytes(), license=licence)
    crate.add_workflow(**rules, main=True, lang="snakemake")
    for path in sorted((top / "workflow/rules").glob("*.smk")):
        crate.put(f"workflow/rules/{path.name}", path.read_bytes())
    crate.put("data/licences.yaml", (bundled_dir() / "licences.yaml").read_bytes(), name="Licences of bundled tables")
    sources = {name: _dataset(crate, data.entry(name)) for name in data.names()}
    results = {}
    for record in known:
        file = paths.results_dir() / f"{record.experiment}.json"
        results[record.experiment] = [crate.put(f"results/{file.name}", file.read_bytes(), name=record.describe())]
        if written := record.arrays.get("register"):
            inner = f"register/{written['file']}"
            content = (paths.results_dir() / inner).read_bytes()
            results[record.experiment].append(crate.put(f"results/{inner}", content, name="Dated predictions"))
    for path in paths.finished(store.SHIPPED, f"*{store.ENDING}"):
        card = store.read_card(path)
        record = next(record for record in known if record.experiment == card.experiment)
        weights = crate.put(f"models/{path.name}", path.read_bytes(), description=f"weights of {card.name}")
        crate.put(f"models/{path.stem}.md", cards.model_card(path, card, record).encode(), about=weights)
        results[card.experiment].append(weights)
    people = [crate.once(author["@id"], author["@type"], name=author["name"]) for author in book["authors"]]
    runs = [
        _run(crate, made, [sources[read["name"]] for read in made.data], agent=people, result=results[made.experiment])
        for made in known
    ]
    shared = ("description", "version", "keywords", "identifier")
    about = {term: value for term, value in described.items() if term in shared}
    about |= {
        "@id": "./",
        "name": book["title"],
        "datePublished": newest_record()[:10],
        "license": licence,
        "author": people if len(people) > 1 else people[0],
        "citation": [crate.once(p.pop("@id"), p.pop("@type"), **p) for p in cards.articles()],
        "conformsTo": crate.once(_PROFILE, "CreativeWork", name="Process Run Crate", version=_PROFILE[-3:]),
        "mentions": runs,
    }
    crate.update_jsonld(about)
    return crate


def _dataset(crate: _Crate, card: data.DatasetEntry) -> Reference:
    """Add a dataset and its Croissant card; an address alone would not tell tables of one file apart."""
    about = {
        "name": card.name,
        "description": card.title,
        "license": cards.licence_of(card.licence),
        "copyrightNotice": card.licence,
        "creditText": card.citation,
        "identifier": f"https://doi.org/{card.doi}",
        "url": card.upstream.partition(" ")[0],
        "version": card.version,
    }
    if card.url is None:
        source = crate.put(f"data/{card.file}", (bundled_dir() / card.file).read_bytes(), **about)
    else:
        about |= {"encodingFormat": cards.format_of(card.url)} | ({} if card.archive else {"sha256": card.sha256})
        source = {"@id": crate.add_file(f"{card.url}#{card.name}", properties=about).id}
    crate.put(f"data/{card.name}.json", cards.as_json(cards.croissant(card)), about=source)
    return source


def _run(crate: _Crate, record: Record, inputs: list[Reference], **links: list[Reference]) -> Reference:
    """Add the run that made a record; when it began is not known, since it may have been of several sittings."""
    made, id = record.environment, f"#run-{record.experiment}"
    commit, software = made["git_commit"], made["versions"]["replicate"]
    given = {"profile": record.profile, "seeds": record.seeds, "device": made["device_name"], "key": record.key}
    given |= {f"digest of {read['name']}": read["digest"] for read in record.data}

    def value(name: str, value: Any, **more: str) -> Reference:
        return crate.once(f"{id}-{name.replace(' ', '-')}", "PropertyValue", name=name, value=value, **more)

    instrument = {"name": "replicate", "softwareVersion": software, "identifier": f"swh:1:rev:{commit}"}
    if repository.address():
        instrument["url"] = f"{repository.address()}/tree/{commit}"
    return crate.once(
        id,
        "CreateAction",
        name=f"replicate run {record.experiment} --profile {record.profile}",
        description=f"{full_run(record.experiment, record)}, with "
        + ", ".join(f"{package} {number}" for package, number in made["versions"].items()),
        instrument=crate.once(f"#replicate-{software}-{commit}", "SoftwareApplication", **instrument),
        object=[*inputs, *(value(*each) for each in given.items())],
        **links,
        endTime=made["finished"],
        actionStatus="http://schema.org/CompletedActionStatus",
        resourceUsage=value("wall time", made["wall_time_s"], unitText="s"),
    )
