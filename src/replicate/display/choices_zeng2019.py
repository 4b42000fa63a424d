"""The ATCNN chapter's table of deviations; settings are read from the configs that were run."""

from __future__ import annotations

from IPython.display import HTML, Markdown

from replicate import data, experiments, papers, records
from replicate.display.commands import core_hours
from replicate.display.html import CHOICE_COLUMNS, table
from replicate.display.words import listed
from replicate.experiments.configs import Network, SupervisedConfig
from replicate.features.periodic_table import main_group_elements
from replicate.models.configs import ATCNNConfig, ElemNetConfig
from replicate.training.config import OPTIMISERS


def _network(experiment: str, name: str) -> tuple[SupervisedConfig, Network]:
    config: SupervisedConfig = experiments.get(experiment).config("full")
    return config, next(network for network in config.networks if network.name == name)


def _stated(name: str) -> str:
    return papers.stated(f"zeng2019/{name}").printed


def _epochs(network: Network) -> str:
    patience = network.fit.patience
    stop = f", ended after {patience} epochs without a better validation score" if patience else ""
    return f"{network.fit.epochs:,}{stop}"


def _layers(network: ElemNetConfig) -> int:
    return sum(depth for depth, *_ in network.blocks) + 1


def formation_networks() -> Markdown:
    """Return what the networks of the formation-energy page are and how the full profile trains them."""
    _, network = _network("zeng2019-formation", "atcnn")
    _, quick = _network("zeng2019-formation", "atcnn-one-cycle")
    _, rival = _network("zeng2019-formation", "elemnet")
    model, fit = network.model, network.fit
    assert isinstance(model, ATCNNConfig)
    assert isinstance(rival.model, ElemNetConfig)
    (channels, size), *_ = model.kernels
    parameters = sum(p.numel() for p in model.build([0]).parameters())
    return Markdown(
        f"One {size} × {size} convolution of {channels} channels, 2 × 2 max pooling, fully connected layers of "
        f"{listed([str(width) for width in model.hidden])}, a {model.output} output: {parameters:,} parameters, as in "
        f"the authors' released weights. `full` trains for {fit.epochs:,} epochs of {OPTIMISERS[fit.optimizer]} on the "
        f"mean absolute error; a {quick.fit.schedule} schedule of {OPTIMISERS[quick.fit.optimizer]} over "
        f"{quick.fit.epochs:,} epochs stands beside it. The rival is an ElemNet-like stack of {_layers(rival.model)} "
        "fully connected layers on the same rows."
    )


def zeng2019_choices() -> HTML:
    """Return what the paper says, what the authors' code does, what is done here, and why."""
    config, gap = _network("zeng2019-gap", "atcnn")
    short_gap = experiments.get("zeng2019-gap").on_cpu.networks[0]
    _, formation = _network("zeng2019-formation", "atcnn")
    _, metal = _network("zeng2019-metal", "atcnn")
    _, elemnet = _network("zeng2019-formation", "elemnet")
    assert isinstance(elemnet.model, ElemNetConfig)
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
            f"the script allows {_stated('script-epochs')}",
            f"formation energy {_epochs(formation)}; band gap {_epochs(gap)}, on a processor {_epochs(short_gap)}; "
            f"metals {_epochs(metal)}",
            f"metals overfit long before; {_hours('zeng2019-gap', gap)}",
        ],
        [
            "Which epoch",
            "not given",
            f"{_stated('script-validation')} % of the training rows held out",
            f"the best epoch on {100 * config.validation:.0f} % of the training rows",
            "so few rows are too few to choose by",
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
            f"{_layers(elemnet.model)} fully connected layers with dropout, AdamW with a one-cycle schedule, "
            f"{_epochs(elemnet)} epochs",
            "to have both networks on the same rows",
        ],
        [
            "Elements of Fig. 4",
            f"{_stated('elements')} main-group elements",
            "–",
            f"the {len(main_group_elements())} of periods 1 to 6, and those that occur in the data",
            "the paper does not list them",
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
    made += _superconductors()
    return table(
        CHOICE_COLUMNS,
        [[f'<div class="short">{cell}</div>' if i else cell for i, cell in enumerate(row)] for row in made],
    )


def _hours(experiment: str, paper: Network, label: str = "random") -> str:
    """Return how long the paper's schedule takes, all seeds, at the speed of the processor that made the record."""
    record = records.full_record(experiment)
    hours = core_hours(record, f"{label}/{paper.name}", paper.fit.epochs) if record is not None else None
    if record is None or hours is None:
        return "the paper's schedule was not timed on a processor"
    return f"{paper.fit.epochs:,} epochs of {len(record.seeds)} networks take {hours:.1f} core-hours per kind of split"


def _superconductors() -> list[list[str]]:
    """Return the rows on the critical temperatures."""
    experiment = experiments.get("zeng2019-tc")
    whole, cut = experiment.config("full"), experiment.on_cpu
    paper, _, _ = whole.networks
    short: Network = cut.networks[0]
    return [
        [
            "Tc network",
            "root mean squared error, an output that cannot be negative",
            "mean absolute error, a linear output (a later contribution)",
            "the paper's; the repository's as <code>atcnn-repository</code> in the GPU's settings",
            "the text is the claim",
        ],
        [
            "Batch normalisation",
            "not said",
            "in the repository's Tc network",
            "after each convolution of the Tc network",
            "the only network of theirs for Tc that can be read",
        ],
        [
            "Tc schedule",
            f"{paper.fit.epochs} epochs",
            f"Adadelta, batches of {_stated('script-batch')}",
            f"on a GPU the same; on a processor {short.fit.epochs} epochs of AdamW with a one-cycle schedule, and "
            "the numbers from it say so",
            _hours("zeng2019-tc", paper),
        ],
        [
            "Precision",
            "–",
            "float32",
            "convolutions in bfloat16 while training, all else and every prediction in float32",
            "faster wherever the processor has it; the status page has the measured ratio",
        ],
        [
            "Relatives of Table 2",
            "Hg, MgxBy, FexSey, YBa2CuxOy removed before the split",
            "the released rows hold one under another spelling",
            "every compound of exactly these elements removed, whatever its amounts; a stricter removal beside it",
            "“x and y denote the content”",
        ],
        [
            "Cleaning of SuperCon",
            "five rules in words",
            "the released rows still hold coefficients over 50 and repeated compositions",
            "the authors' rows as they are; the rules as code, applied to two public lists, on the page",
            "their rows make their numbers",
        ],
        [
            "Insulators",
            f"{papers.target('zeng2019-tc-insulators/insulators').printed}, gap over {_stated('insulator-gap')} eV, "
            "on the hull",
            f"{data.entry('atcnn-insulators').n_rows:,} rows",
            "those rows less the compositions that are also superconductors; JARVIS-DFT as a variant",
            "the same composition cannot be trained to be both",
        ],
        [
            "Pool that is screened",
            f"{papers.target('zeng2019-screening/pool').printed} stable compounds of the Materials Project",
            "not released",
            "stable compounds of JARVIS-DFT up to Rn, one per composition",
            "a public pool of the same kind",
        ],
    ]
