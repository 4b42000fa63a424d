"""The project as a graph for Snakemake: what an experiment needs, and the jobs that the ``Snakefile`` calls."""
