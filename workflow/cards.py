"""Cards that programs read: ``codemeta.json``, a dataset as Croissant, a stored ensemble as a model card.

Each says what a file of the repository says: ``CITATION.cff``, ``pyproject.toml``, the registry, a record.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

import mlcroissant as mlc
import yaml

from replicate import data, paths, repository, wording
from replicate.errors import DataError
from replicate.features.elements import SYMBOLS
from replicate.predict.models import notes_on
from replicate.report.citation import newest_record
from replicate.results import papers, records
from replicate.results.records import Record
from replicate.training.store import EnsembleCard

# How the stated licence of a dataset begins → the address of its text.
_LICENCES = {
    "MIT": "https://spdx.org/licenses/MIT",
    "modified BSD": "https://spdx.org/licenses/BSD-3-Clause",
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
}
_FORMATS = {
    ".cif": "chemical/x-cif",
    ".csv": "text/csv",
    ".gz": "application/gzip",
    ".h5": "application/x-hdf5",
    ".json": "application/json",
    ".md": "text/markdown",
    ".parquet": "application/x-parquet",
    ".safetensors": "application/octet-stream",
    ".tsv": "text/tab-separated-values",
    ".xz": "application/x-xz",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}
_TYPES = {"text": mlc.DataType.TEXT, "flag": mlc.DataType.BOOL}  # any other column is a number
_UNIT = re.compile(r"(eV/atom|eV|K|GPa|log10\(GPa\)|Bohr magnetons per cell|dimensionless)(?=[,;]|$)")


def format_of(name: str) -> str:
    """Return the media type of a file by the ending of its name."""
    return _FORMATS.get(PurePosixPath(name).suffix, "text/plain")


def licence_of(stated: str) -> str:
    """Return the address of a stated licence, or the words themselves where they name none that has one."""
    return next((address for start, address in _LICENCES.items() if stated.startswith(start)), stated)


def cited() -> dict[str, Any]:
    """Return what ``CITATION.cff`` says, with the authors as entities of schema.org."""
    book: dict[str, Any] = yaml.safe_load((paths.root() / "CITATION.cff").read_text(encoding="utf-8"))
    for i, author in enumerate(book["authors"]):
        name = author.get("name") or f"{author['given-names']} {author['family-names']}"
        kind = "Organization" if "name" in author else "Person"
        id = author.get("orcid") or f"#{name.replace(' ', '-')}"
        book["authors"][i] = {"@id": id, "@type": kind, "name": name}
    return book


def articles() -> list[dict[str, Any]]:
    """Return the papers as entities of schema.org."""
    return [
        {"@id": f"https://doi.org/{p.doi}", "@type": "ScholarlyArticle", "name": p.title, "author": [*p.authors]}
        | {"datePublished": str(p.year)}
        for p in papers.papers()
    ]


def codemeta() -> dict[str, Any]:
    """Return the software as CodeMeta 3.0 describes it."""
    book, project = cited(), tomllib.loads((paths.root() / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    described = {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": project["name"],
        "description": f"{book['title']}. {project['description']}",
        "version": book["version"],
        "softwareVersion": records.version(),  # with the commit
        "identifier": f"https://doi.org/{book['doi']}" if "doi" in book else "",
        "license": licence_of(book["license"]),
        "author": book["authors"],
        "keywords": book["keywords"],
        "dateModified": newest_record()[:10],
        "codeRepository": repository.address(),
        "programmingLanguage": "Python",
        "runtimePlatform": f"Python {project['requires-python']}",
        "softwareRequirements": project["dependencies"],
        "referencePublication": articles(),
    }
    return {term: value for term, value in described.items() if value}


def croissant(card: data.DatasetEntry) -> dict[str, Any]:
    """Return a dataset's card as Croissant 1.1: its files with their digests, its columns with types and units.

    A bundled table lies beside it. GitHub packs an archive anew for each request, so that no digest of its bytes
    holds; Croissant calls that live, and the description has the digest of the content.
    """
    context = mlc.Context(conforms_to="http://mlcommons.org/croissant/1.1", is_live_dataset=card.archive is not None)
    packed, address = card.archive, card.url or card.file
    inside = {card.reading.member: card.reading.member} if card.reading.member else {}
    if packed:
        inside = {part: f"{packed.root}/{folder}/*.cif" for part, (folder, _) in packed.parts.items()}
    file = mlc.FileObject(
        id=(name := PurePosixPath(address).name),
        name=name,
        description=f"sha256 of the content of the files in use: {packed.digest}" if packed else None,
        content_url=address,
        encoding_formats=[format_of(address)],
        sha256=None if packed else card.sha256,
        ctx=context,
    )
    files = [
        mlc.FileSet(
            id=id, name=id, contained_in=[name], includes=[path], encoding_formats=[format_of(path)], ctx=context
        )
        for id, path in inside.items()
    ]
    source = {"file_set": files[0].id} if files else {"file_object": name}
    fields = list(_fields(card, source, context))
    return mlc.Metadata(
        name=card.name,
        description=card.title,
        license=[licence_of(card.licence)],
        cite_as=card.citation,
        url=card.upstream.partition(" ")[0],
        version=card.version if card.kind == "bundled" else None,  # elsewhere a commit, which the address names
        distribution=[file, *files],
        record_sets=[mlc.RecordSet(id=card.name, name=card.name, fields=fields, ctx=context)] if fields else [],
        ctx=context,
    ).to_json()


def _fields(card: data.DatasetEntry, source: dict[str, str], context: mlc.Context) -> Iterator[mlc.Field]:
    """Yield the columns of a table; the unit of one is an annotation of it."""
    for column in card.columns:
        id, unit = f"{card.name}/{column.name}", _UNIT.match(column.means)
        named = column.name if card.kind == "bundled" else column.upstream
        says = {"id": f"{id}/unit", "name": "unit", "equivalentProperty": ["https://schema.org/unitText"]}
        yield mlc.Field(
            id=id,
            name=column.name,
            description=column.means,
            data_types=[_TYPES.get(column.kind, mlc.DataType.FLOAT)],
            source=mlc.Source(**source, extract=mlc.Extract(column=named, ctx=context), ctx=context),
            annotations=[mlc.Field(**says, data_types=[mlc.DataType.TEXT], value=unit[0], ctx=context)] if unit else [],
            ctx=context,
        )


def model_card(path: Path, card: EnsembleCard, record: Record) -> str:
    """Return the card of a stored ensemble as Markdown with a head in YAML, as model hubs read it.

    Raises:
        DataError: the record has not this network, or other seeds.
    """
    config = record.config.get("tc", record.config)
    label, name = config.get("release") or (config["networks"][0]["name"], card.name)
    spent = record.training.get(f"random/{label}")
    if spent is None or name != card.name or list(card.seeds) != record.seeds:
        raise DataError(f"the record of {record.experiment} is not that of the network", file=path)
    hours = record.core_hours(f"random/{label}", spent["epochs"])
    head = {
        "license": cited()["license"],
        "library_name": "replicate",
        **{field: value for field, value in asdict(card).items() if value},
        "elements": [SYMBOLS[z - 1] for z in card.elements],
        "file": path.name,
        "sha256": sha256(path.read_bytes()).hexdigest(),
        "core_hours": hours and round(hours, 3),
        "device": record.environment["device_name"],
        "record": f"results/{record.experiment}.json",
        "commit": record.environment["git_commit"],
        "data": [{**read, "licence": data.entry(read["name"]).licence} for read in record.data],
        "splits": {"random": record.splits["random"]},
    }
    scores = [
        f"| `{key}` | {wording.spread(m.mean, m.sd)} | {m.unit} | {m.n or ''} |"
        for key, m in record.metrics.items()
        if f"/{label}/" in key
    ]
    notes = [f"- {note}\n" for note in (*notes_on(card), record.budget) if note]
    return f"""---
{yaml.safe_dump(head, sort_keys=False, allow_unicode=True, default_flow_style=None, width=120)}---
# {card.name}

{len(card.seeds)} networks, each trained and tested on a random split of its own. `replicate predict {card.name}` asks
them. They know the elements above and no others.

{"".join(notes)}
Test scores, mean ± standard deviation over seeds. Those of other splits than random ones, and of other data, are of
networks with these settings that are not stored.

| metric | value | unit | rows |
| --- | ---: | --- | ---: |
{chr(10).join(scores)}
"""


def as_json(value: Any) -> bytes:
    """Return JSON values as the content of a file."""
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()
