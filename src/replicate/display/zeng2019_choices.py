"""The ATCNN chapter's table of deviations; settings are read from the configs that were run."""

from __future__ import annotations

from IPython.display import HTML

from replicate import experiments
from replicate.display.html import table
from replicate.experiments.configs import Network, SupervisedConfig
from replicate.experiments.zeng2019.elements import main_group_elements
from replicate.models.elemnet import ElemNetConfig


def _network(experiment: str, name: str) -> tuple[SupervisedConfig, Network]:
    config: SupervisedConfig = experiments.get(experiment).config("full")
    return config, next(network for network in config.networks if network.name == name)


def _epochs(network: Network) -> str:
    patience = network.fit.patience
    stop = f", ended after {patience} epochs without a better validation score" if patience else ""
    return f"{network.fit.epochs:,}{stop}"


def zeng2019_choices() -> HTML:
    """Return what the paper says, what the authors' code does, what is done here, and why."""
    config, gap = _network("zeng2019-gap", "atcnn")
    _, formation = _network("zeng2019-formation", "atcnn")
    _, metal = _network("zeng2019-metal", "atcnn")
    _, elemnet = _network("zeng2019-formation", "elemnet")
    assert isinstance(elemnet.model, ElemNetConfig)
    layers = sum(depth for depth, *_ in elemnet.model.blocks) + 1
    made = [
        [
            "Band-gap loss",
            "mean absolute error",
            "the released model was saved with the mean squared error",
            "the paper's; the squared loss as the variant <code>atcnn-mse</code>",
            "the text is the claim; both stand on the band-gap page",
        ],
        [
            "Epochs",
            "not given for these networks",
            "the script allows 2,500",
            f"formation energy {_epochs(formation)}; band gap {_epochs(gap)}; metals {_epochs(metal)}",
            "metals overfit long before; some band-gap networks still improved at the cap: a longer run may gain",
        ],
        [
            "Which epoch",
            "not given",
            "2 % of the training rows held out",
            f"the best epoch on {100 * config.validation:.0f} % of the training rows",
            "2 % are too few rows to choose by",
        ],
        [
            "Initial output",
            "–",
            "zero bias",
            "the bias starts at the mean training target",
            "a ReLU output that starts below zero on every row never learns",
        ],
        [
            "Seeds",
            "one split, one network",
            "one",
            f"{config.seeds}; each draws its own split and weights; mean ± standard deviation",
            "one split says little: see the spread",
        ],
        [
            "Table 3, “CaAs”",
            "CaAs",
            "the released weights give the printed value for GaAs",
            "GaAs",
            "a misprint",
        ],
        [
            "“r²”",
            "coefficient of determination",
            "–",
            "Pearson's r and R², both",
            "the printed values are those of r",
        ],
        [
            "Metal classifier",
            "“the structure of the Eg prediction model”",
            "not released",
            "that network with a logistic output and cross-entropy; a regularised variant",
            "the natural reading",
        ],
        [
            "ElemNet",
            "an error quoted from another paper",
            "–",
            f"{layers} fully connected layers with dropout, AdamW with a one-cycle schedule, {_epochs(elemnet)} epochs",
            "to have both networks on the same rows",
        ],
        [
            "Elements of Fig. 4",
            "36 main-group elements",
            "–",
            f"the {len(main_group_elements())} of periods 1 to 6, and those that occur in the data",
            "the paper does not list its 36",
        ],
        [
            "Optimiser's second schedule",
            "–",
            "–",
            "<code>atcnn-one-cycle</code>: AdamW with a one-cycle schedule, "
            f"{_epochs(_network('zeng2019-gap', 'atcnn-one-cycle')[1])} epochs for the gap",
            "the same error in a fraction of the epochs; it also makes the quick profile",
        ],
    ]
    header = ("matter", "the paper says", "the authors' code or files do", "here", "why")
    return table(
        header,
        [[f'<div class="short">{cell}</div>' if i else cell for i, cell in enumerate(row)] for row in made],
    )
