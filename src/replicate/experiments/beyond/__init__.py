"""What no paper asks: every representation on the same compounds, and the floor that measurements set."""

from replicate.experiments.beyond import specs, years_specs
from replicate.experiments.core import experiment
from replicate.results.papers import Question

QUESTIONS = (
    Question(
        id="beyond-representations",
        paper="",
        title="Four representations on the same compounds and splits",
        page="beyond/representations",
        where="in no paper",
    ),
    Question(
        id="beyond-floor",
        paper="",
        title="How far measurements of one composition disagree",
        page="beyond/noise-floor",
        where="in no paper",
    ),
    Question(
        id="beyond-matbench",
        paper="",
        title="The atom table on Matbench's folds",
        page="beyond/matbench",
        where="in no paper",
    ),
    Question(
        id="beyond-coverage",
        paper="",
        title="How many new measurements a 90 % interval holds",
        page="beyond/coverage",
        where="in no paper",
    ),
    Question(
        id="beyond-register",
        paper="",
        title="What later measurements will say, foreseen now",
        page="beyond/register",
        where="in no paper",
    ),
    Question(
        id="beyond-years",
        paper="",
        title="New superconductors ranked by what was known before them",
        page="beyond/years",
        where="in no paper",
    ),
)

_EPOCHS = (f"{few} epochs instead of {many}" for few, many in zip(specs.BRIEF, specs.LONG, strict=True))
_BUDGET = (
    "trained on a processor: 3 networks instead of 5, with 6,000 other compounds instead of 12,000, for "
    f"{', '.join(_EPOCHS)} (atom table, periodic table, crystal graph)"
)
EXPERIMENTS = (
    experiment("beyond-representations", specs.REPRESENTATIONS, "30 s", "2 h", _BUDGET),
    experiment("beyond-floor", specs.FLOOR, "5 s", "30 s"),
    experiment("beyond-matbench", specs.MATBENCH, "15 s", "15 min"),
    experiment("beyond-coverage", specs.COVERAGE, "20 s", "20 min"),
    experiment("beyond-register", specs.REGISTER, "10 s", "10 min"),
    experiment("beyond-years", years_specs.YEARS, "20 s", "30 min"),
)
