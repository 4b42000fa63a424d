# `make help` lists the targets; `make book` and `make test` make the environment they need.
PYTHON        ?= python3
PROFILE       ?= quick
DEVICE        ?= auto
TORCH_BACKEND ?=
JOBS          ?= 2

VENV := .venv
BIN  := $(VENV)/bin
ENV  := $(VENV)/.made

# uv finds wheels where pip does; small networks run fastest on one thread each. Containers often forbid bytecode, and
# every start of Python would then compile a thousand files.
export UV_FIND_LINKS ?= $(PIP_FIND_LINKS)
unexport PYTHONDONTWRITEBYTECODE
test bench: export OMP_NUM_THREADS ?= 1
# Read when torch is loaded; threads that wait at work would keep a core from the compiled passes, whose threads are others.
bench: export OMP_WAIT_POLICY ?= PASSIVE

.DEFAULT_GOAL := help
.PHONY: help env book execute graph links test lint bench notebooks scoreboard pdf picture archive release clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  settings: PROFILE=smoke|quick|full DEVICE=auto|cpu|cuda TORCH_BACKEND=cpu|auto|cu130 JOBS=2"

env: $(ENV)  ## make .venv, or bring it up to date

$(ENV): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=…")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python's ensurepip is missing; install it (Debian, Ubuntu: python3-venv) and run make again." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) (some minutes the first time) …"
	@$(BIN)/python -m pip install --quiet uv || echo "uv is not to be had, pip takes over"
	@if test -x $(BIN)/uv; then \
	  VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --compile-bytecode $(if $(TORCH_BACKEND),--torch-backend $(TORCH_BACKEND)) \
	    -e '.[book,dev,fast]' -c constraints.txt; \
	else $(BIN)/python -m pip install -e '.[book,dev,fast]' -c constraints.txt; fi
	@$(BIN)/python -m compileall -q src
	@touch $@

book: $(ENV)  ## run what is due of the Snakefile's rules: records, notebooks (PROFILE=quick), pages
	@$(BIN)/python -m workflow book --profile $(PROFILE) --device $(DEVICE) --cores $(JOBS)

execute: $(ENV)  ## the same without building the pages
	@$(BIN)/python -m workflow execute --profile $(PROFILE) --device $(DEVICE) --cores $(JOBS)

graph: $(ENV)  ## what `make book` would do now, and nothing else
	@$(BIN)/snakemake --dry-run --cores $(JOBS) --quiet rules --config profile=$(PROFILE) device=$(DEVICE)

links: $(ENV)  ## try every link of the built book that leads elsewhere
	@$(BIN)/jupyter-book build book/ --builder linkcheck

test: $(ENV)  ## run all tests
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

lint: $(ENV)  ## ruff and mypy, and the notebook sources
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m workflow check-sources

bench: $(ENV)  ## rows per second of parsing, features and training; first paint of the built pages
	@$(BIN)/python -m workflow.bench

notebooks: $(ENV)  ## bring each .ipynb and its .py pair in step (the later edit wins)
	@find notebooks -name '*.py' -exec $(BIN)/jupytext --quiet --sync {} +

scoreboard: $(ENV)  ## write costs, scoreboard, a prediction and speeds into the README
	@$(BIN)/python -m workflow.readme

pdf: $(ENV)  ## print the built book as one PDF, _build/book.pdf, with Chromium
	@$(BIN)/python -m workflow pdf

picture: $(ENV)  ## photograph the start page of the built book for the README
	@$(BIN)/python -m workflow picture

archive: $(ENV)  ## write what can be deposited, such as at Zenodo, into _build/archive
	@$(BIN)/python -m workflow archive

release:  ## version, citation, changelog and tag (VERSION=x.y.z)
	@echo '$(VERSION)' | grep -Eqx '[0-9]+(\.[0-9]+){2}' || { echo "a version is x.y.z: make release VERSION=x.y.z" >&2; exit 1; }
	@! git rev-parse -q --verify refs/tags/v$(VERSION) >/dev/null || { echo "there is a tag v$(VERSION) already" >&2; exit 1; }
	@git diff --quiet HEAD || { echo "commit first what has changed" >&2; exit 1; }
	@sed -i 's/^__version__ = .*/__version__ = "$(VERSION)"/' src/replicate/__init__.py
	@sed -i 's/^version: .*/version: $(VERSION)/' CITATION.cff
	@sed -i "s/^## Unreleased$$/&\n\n## $(VERSION), $$(date -u +%F)/" book/about/changelog.md
	@git commit -qam 'Release $(VERSION)' && git tag -a v$(VERSION) -m 'Release $(VERSION)'
	@echo "v$(VERSION) is tagged; git push --follow-tags publishes it"

clean:  ## remove pages and quick records; keeps .venv, committed records and checkpoints
	rm -rf _build .snakemake $(addprefix .replicate/,failed flow logs records)
	find book -name '*.ipynb' -delete
