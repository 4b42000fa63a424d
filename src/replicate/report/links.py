"""Which page of the book belongs to which experiment, and links to it from tables and pictures."""

from __future__ import annotations

import html

# Experiment → its notebook, as in the table of contents.
PAGES = {
    "zeng2019-gap": "zeng2019/band-gap",
    "zeng2019-formation": "zeng2019/formation-energy",
    "zeng2019-metal": "zeng2019/metals",
    "zeng2019-elements": "zeng2019/elements",
    "zeng2019-tc": "zeng2019/critical-temperature",
    "zeng2019-tc-insulators": "zeng2019/non-superconductors",
    "zeng2019-held-out": "zeng2019/held-out",
    "zeng2019-screening": "zeng2019/screening",
    "zeng2019-architecture": "zeng2019/architecture",
    "xie2018-nacl-kcl": "xie2018/nacl-kcl",
    "xie2018-formation": "xie2018/formation-energy",
    "xie2018-properties": "xie2018/properties",
    "xie2018-elastic": "xie2018/elastic",
    "xie2018-metal": "xie2018/metals",
    "xie2018-perovskites": "xie2018/perovskites",
    "xie2018-hyperparameters": "xie2018/hyperparameters",
    "konno2021-preliminary": "konno2021/preliminary",
    "konno2021-garbage-in": "konno2021/garbage-in",
    "konno2021-hosono": "konno2021/temporal-test",
    "konno2021-iron": "konno2021/iron-based",
    "konno2021-candidates": "konno2021/candidates",
    "konno2021-gap": "konno2021/band-gaps",
    "quinn2022-data": "quinn2022/structures",
    "quinn2022-thresholds": "quinn2022/thresholds",
    "quinn2022-classifier-benchmarks": "quinn2022/classifier-benchmarks",
    "quinn2022-regression": "quinn2022/regression",
    "quinn2022-features": "quinn2022/atom-features",
    "quinn2022-ionization": "quinn2022/ionization",
    "quinn2022-regression-benchmarks": "quinn2022/regression-benchmarks",
    "quinn2022-regression-as-classifier": "quinn2022/regression-as-classifier",
    "quinn2022-attributes": "quinn2022/attributes",
    "quinn2022-search": "quinn2022/search",
    "beyond-representations": "beyond/representations",
}


def anchor(target: str) -> str:
    """Return the name of a published number's row on its experiment's page."""
    # A dot would end the name where scripts look it up.
    return "number-" + target.split("/", 1)[1].replace("/", "-").replace(".", "-")


def row_link(target: str) -> str:
    """Return the address of a published number's row, from a page at the root of the book."""
    return f"{PAGES[target.split('/', 1)[0]]}.html#{anchor(target)}"


def page_link(experiment: str) -> str:
    """Return an experiment's id as a link to its page, from a page at the root of the book."""
    name = f"<code>{html.escape(experiment)}</code>"
    return f'<a href="{PAGES[experiment]}.html">{name}</a>' if experiment in PAGES else name
