# One model, many structures: a parquet file per shard, then the list of the best. Read where --config structures=…
# names a folder, or a text file with one CIF file or archive (.tar, .tar.gz, .tar.xz, .tar.bz2) per line.
#
#   snakemake --cores 2 --config structures=cifs/ model=cgcnn/formation-energy-per-atom -- screen
#
# Settings: model, size (structures per shard; an archive is one shard), most (length of the list), highest=1, out.
# A shard is made again when its archive, the list or the model changes, not when the package does.
from replicate.screening import SHARD, deal, list_structures

STRUCTURES = config["structures"]
MODEL = config.get("model", "cgcnn-authors/formation-energy-per-atom")
SIZE = int(config.get("size", SHARD))
OUT = Path(config.get("out", FLOW.parent / "screen" / MODEL.replace("/", "--")))
SHARDS = deal(list_structures(Path(STRUCTURES)), SIZE)


def source_of(shard):
    """The archive, or the list; a hundred thousand single files are not looked at one by one."""
    names = SHARDS[int(shard)]
    return names[0] if len(names) == 1 else ([] if Path(STRUCTURES).is_dir() else STRUCTURES)


wildcard_constraints:
    shard=r"\d+",


localrules: screen


rule shard:
    input: lambda w: source_of(w.shard)
    output: str(OUT / "shards" / "{shard}.parquet")
    threads: 1  # there are many shards; each on a core of its own wastes the least
    params:
        model=MODEL,
        names=lambda w: [len(SHARDS[int(w.shard)]), SHARDS[int(w.shard)][0], SHARDS[int(w.shard)][-1]],
    shell:
        "{JOB:q} replicate.workflow shard --processes {threads} -- "
        "{MODEL:q} {STRUCTURES:q} {SIZE:q} {wildcards.shard:q} {output:q}"


rule screen:
    input: [str(OUT / "shards" / f"{number}.parquet") for number in range(len(SHARDS))]
    output: str(OUT / "best.csv")
    params:
        shards=len(SHARDS),
        most=int(config.get("most", 1000)),
        order="--highest" if int(config.get("highest", 0)) else "--lowest",
    shell:
        "{JOB:q} replicate.workflow best --shards {params.shards:q} --most {params.most:q} {params.order:q} "
        "-- {OUT:q} {output:q}"
