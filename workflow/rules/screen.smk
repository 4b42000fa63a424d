# One model, many structures: a parquet file per shard, then the list of the best. Read where --config structures=…
# names a folder, or a text file with one structure file or archive (.zip, .tar, .tar.gz, .tar.xz, .tar.bz2) per line.
#
#   snakemake --cores 2 --config structures=cifs/ model=cgcnn/formation-energy-per-atom -- screen
#
# Settings: model, size (structures per shard; an archive is one shard), most (length of the list), highest=1, out.
# A shard is made again when one of its files is edited, renamed, added or deleted, or the model changes, not when the
# package does.
from snakemake.exceptions import WorkflowError

from replicate.errors import ConfigError
from replicate.predict.structure_files import SHARD, deal, list_structures, state_of
from workflow.plan import flag, whole_number

STRUCTURES = str(config["structures"])
MODEL = config.get("model", "cgcnn-authors/formation-energy-per-atom")
OUT = Path(config.get("out", FLOW.parent / "screen" / MODEL.replace("/", "--")))
try:
    SIZE = whole_number("size", config.get("size", SHARD))
    MOST = whole_number("most", config.get("most", 1000))
    HIGHEST = flag("highest", config.get("highest", 0))
    SHARDS = deal(list_structures(Path(STRUCTURES)), SIZE)
except ConfigError as error:
    raise WorkflowError(str(error)) from None  # which Snakemake tells without a traceback


wildcard_constraints:
    shard=r"\d+",


localrules: screen


rule shard:
    output: str(OUT / "shards" / "{shard}.parquet")
    threads: 1  # there are many shards; each on a core of its own wastes the least
    params:
        model=MODEL,
        # No input: a hundred thousand files are looked at once, and a deleted one is no missing input.
        files=lambda w: state_of(SHARDS[int(w.shard)]),
    shell:
        "{JOB:q} workflow.jobs shard --processes {threads} -- "
        "{MODEL:q} {STRUCTURES:q} {SIZE:q} {wildcards.shard:q} {output:q}"


rule screen:
    input: [str(OUT / "shards" / f"{number}.parquet") for number in range(len(SHARDS))]
    output: str(OUT / "best.csv")
    params:
        shards=len(SHARDS),
        most=MOST,
        order="--highest" if HIGHEST else "--lowest",
    shell:
        "{JOB:q} workflow.jobs best --shards {params.shards:q} --most {params.most:q} {params.order:q} "
        "-- {OUT:q} {output:q} {STRUCTURES:q}"
