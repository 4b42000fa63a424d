"""The CGCNN chapter's verdict, in sentences whose numbers and comparisons come from the full records."""

from __future__ import annotations

from collections.abc import Callable

from IPython.display import Markdown

from replicate import papers
from replicate.display.words import chapter_verdict
from replicate.display.xie2018 import dft_errors, hyperparameter_sentence
from replicate.experiments.configs import COMPOSITION
from replicate.experiments.xie2018.configs import PROPERTIES, SMALL_ATOMS
from replicate.figures.names import spread
from replicate.records import Record

_EQ4, _EQ5, _TREES = "cgcnn-eq4", "cgcnn-eq5", COMPOSITION
_RANKS = ("a/small_element_rank", "a/groups_13_to_15_rank", "b/groups_4_to_6_rank")


def xie2018_verdict() -> Markdown:
    """Return the chapter's verdict, one paragraph per experiment with a full record."""
    return Markdown(chapter_verdict(_WRITTEN, _LEADS))


def _printed(name: str) -> str:
    return papers.target(f"xie2018-{name}").printed


def _nacl_kcl(record: Record) -> str:
    m = record.metrics
    return (
        f"Na has {m['nacl/graph/na_neighbours'].mean:g} Cl neighbours (printed "
        f"{_printed('nacl-kcl/na-neighbours')}). K has {m['kcl/graph/k_neighbours'].mean:g} in KCl as it is at ambient "
        f"pressure and {m['kcl-b2/graph/k_neighbours'].mean:g} in the CsCl structure (printed "
        f"{_printed('nacl-kcl/k-neighbours')})."
    )


def _formation(record: Record) -> str:
    m = record.metrics
    gated = m[f"random/{_EQ5}/mae"]
    text = (
        f"With {m['random/split/train_rows'].mean:,.0f} training crystals the gated convolution predicts formation "
        f"energies to {spread(gated)} eV/atom (published {_printed('formation/eq5-mae')}), the plain one to "
        f"{spread(m[f'random/{_EQ4}/mae'])} (published {_printed('formation/eq4-mae')} or "
        f"{papers.table('xie2018', 'table1')['mae_eq4'][0]:g}), trees that see the composition only to "
        f"{spread(m[f'random/{_TREES}/mae'])}. DFT differs from experiment by "
        f"{'–'.join(f'{value:g}' for value in dft_errors('formation energy'))} eV/atom, as the paper cites."
    )
    for label, entry in record.training.items():
        name = label.split("/")[1]
        if name.endswith("-longer"):
            text += (
                f" {entry['epochs']:,} epochs bring one seed to {m[f'random/{name}/mae'].mean:.3f} eV/atom."
            )
    return text


def _properties(record: Record) -> str:
    improved = record.metrics[f"properties/{_EQ5}/improved"]
    return (
        f"With Eq. 5: {_errors(record)}. It has a lower mean error than Eq. 4 for "
        f"{improved.mean:.0f} of {improved.n}."
    )


def _elastic(record: Record) -> str:
    m = record.metrics
    improved = m[f"elastic/{_EQ5}/improved"]
    text = f"With Eq. 5: {_errors(record)}; lower than Eq. 4 for {improved.mean:.0f} of {improved.n}."
    if (apart := m.get(f"bulk_modulus-systems/{_EQ5}/mae")) is not None:
        text += f" On unseen chemical systems the bulk modulus is missed by {spread(apart)} log(GPa)."
    return text


def _errors(record: Record) -> str:
    """Return the error of every property of a record beside the printed one."""
    m = record.metrics
    printed = papers.table("xie2018", "table1")
    parts = []
    for row, there in zip(PROPERTIES, printed["mae_eq5"], strict=True):
        metric = m.get(f"{row.id}/{_EQ5}/mae")
        if metric is None or row.id == "formation_energy":
            continue
        size = m[f"{row.id}/split/train_rows"].mean
        fewer = f", {size:,.0f} training crystals in place of {row.train:,}" if size < row.train else ""
        unit = f" {row.unit}" if row.unit else ""
        named_after = row.title.startswith(("Fermi", "Poisson"))
        title = row.title if named_after else row.title.lower()
        parts.append(f"{title} {spread(metric)}{unit} (published {there:.3f}{fewer})")
    return "; ".join(parts)


def _metal(record: Record) -> str:
    m = record.metrics
    text = (
        f"The classifier of metals reaches an AUC of {spread(m[f'random/{_EQ5}/auc'])} (published "
        f"{_printed('metal/auc')}), trees on the composition {spread(m[f'random/{_TREES}/auc'])}"
    )
    if (theirs := m.get("authors-not-listed/semi-metal-classification/auc")) is not None:
        text += f"; the authors' own, on {theirs.n:,} crystals that are not on their list, {theirs.mean:.3f}"
    return text + "."


def _perovskites(record: Record) -> str:
    m = record.metrics
    site, full = (m[f"random/{name}-pooling/mae"] for name in ("site", "full"))
    better = sum(whole < each for each, whole in zip(site.values, full.values, strict=True))
    ranks = [m[f"sites/{key}"].mean for key in _RANKS]
    small = f"{', '.join(SMALL_ATOMS[:-1])} and {SMALL_ATOMS[-1]}"
    return (
        f"Site energies of perovskites come at {spread(site)} eV/atom (published "
        f"{_printed('perovskites/site-mae')}), the complete pooling at {spread(full)} (published "
        f"{_printed('perovskites/full-mae')}); it is the better one for {better} of {len(record.seeds)} seeds. From "
        f"the most stable element (0) to the least (1), {small} stand at {ranks[0]:.2f} on the A site, large "
        f"elements of groups 13–15 at {ranks[1]:.2f}, and groups 4–6 at {ranks[2]:.2f} on the B site."
    )


_WRITTEN: dict[str, Callable[[Record], str]] = {
    "xie2018-nacl-kcl": _nacl_kcl,
    "xie2018-formation": _formation,
    "xie2018-properties": _properties,
    "xie2018-elastic": _elastic,
    "xie2018-metal": _metal,
    "xie2018-perovskites": _perovskites,
    "xie2018-hyperparameters": hyperparameter_sentence,
}
_LEADS = {
    "xie2018-nacl-kcl": "Worked example",
    "xie2018-formation": "Formation energies",
    "xie2018-properties": "Energies and gaps",
    "xie2018-elastic": "Elastic properties",
    "xie2018-metal": "Metals",
    "xie2018-perovskites": "Perovskites",
    "xie2018-hyperparameters": "Hyperparameters",
}
