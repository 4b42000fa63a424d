"""A comparison that no paper makes: every representation on the same compounds and splits."""

from replicate.experiments.beyond import specs
from replicate.experiments.core import Experiment
from replicate.results.papers import Question

QUESTIONS = (
    Question(
        id="beyond-representations",
        paper="",
        title="Four representations on the same compounds and splits",
        page="beyond/representations",
        where="in no paper",
    ),
)

EXPERIMENTS = (
    Experiment(
        id="beyond-representations",
        configs={"smoke": specs.SMOKE, "quick": specs.QUICK, "full": specs.FULL},
        on_cpu=specs.ON_CPU,
        budget=(
            "trained on a processor: 3 networks instead of 5, with 6,000 other compounds instead of 12,000, for "
            + ", ".join(
                f"{few} epochs instead of {many}" for few, many in zip(specs.BRIEF, specs.LONG, strict=True)
            )
            + " (atom table, periodic table, crystal graph)"
        ),
        function="beyond.representations:run_representations",
        cost={"quick": "30 s", "full": "2 h"},
    ),
)
