# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Metric keys
#
# Every number of a record has a key, `<split or group>/<model>/<score>`, a value per seed, a unit, and the number of
# rows that it is an average over. Here is what the keys mean; `*` stands for any text, and of several patterns that fit
# a key the first one holds. A share is between 0 and 1. The records lie beside the pages, as `results/<experiment>.json`.

# %% tags=["remove-input"]
from replicate import report
from replicate.notebook import guard

guard(globals())
report.metric_dictionary()
