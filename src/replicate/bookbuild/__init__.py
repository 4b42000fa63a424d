"""From notebook sources to a book: Snakemake decides what is due, papermill executes, checks look at the pages."""
