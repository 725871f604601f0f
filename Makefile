# One command each, set-up included:   make demo | test | lint | bench | mutate | docs
# Needs Python 3.11 or newer and make.  `make test FULL=1` tries every random case.

PYTHON ?= python3
VENV ?= .venv
JOBS ?= 2
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PACKS := $(patsubst %/pyproject.toml,%,$(wildcard packs/*/pyproject.toml))
EDITABLE_PACKS := $(foreach pack,$(PACKS),-e ./$(pack))
SOURCES := pyproject.toml $(wildcard packs/*/pyproject.toml)

export FULL
# Modules of the tree, never those of some other place.
unexport PYTHONPATH

.PHONY: help demo test lint format fuzz fuzz-columns bench docs mutate clean

help:
	@echo "make demo    judge the example site; writes out/report.html, out/register.xlsx, out/result.json"
	@echo "make test    run the tests (FULL=1: every random case and the slow tests)"
	@echo "make lint    ruff, pyright, import-linter"
	@echo "make fuzz    try random worlds in both evaluators for SECONDS (60); prints cases and differences"
	@echo "make fuzz-columns  the same in three: random frames by columns, compiled and reference"
	@echo "make bench   measure beside other engines; writes out/bench.json (ARGS='a b --quick')"
	@echo "make mutate  try every mutant of every pack on its cases (PACK=fire: of one)"
	@echo "make docs    build the documentation into site/"

demo: $(VENV)/.ready-demo
	$(BIN)/dualprev demo

test: $(VENV)/.ready-dev
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports

format: $(VENV)/.ready-dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# make fuzz SECONDS=600 SEED=7
fuzz: $(VENV)/.ready-dev
	$(BIN)/python -m tests.differential.fuzz --seconds $(or $(SECONDS),60) --seed $(or $(SEED),1)

fuzz-columns: $(VENV)/.ready-dev
	$(BIN)/python -m tests.columns.fuzz --seconds $(or $(SECONDS),60) --seed $(or $(SEED),1)

bench: $(VENV)/.ready-bench
	$(BIN)/python -m tests.benchmarks $(ARGS)

mutate: $(VENV)/.ready-dev
	MUTATE=$(or $(PACK),all) $(BIN)/python -m pytest -n $(JOBS) -m slow tests/packs/test_mutation.py $(ARGS)

docs: $(VENV)/.ready-dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo "site/index.html"

clean:
	rm -rf out site build dist .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# A mark holds the place of the checkout it was made for: a copied or moved one installs anew.
ifneq ($(filter-out $(CURDIR),$(foreach mark,$(wildcard $(VENV)/.ready-*),$(shell cat $(mark)))),)
MOVED := moved
.PHONY: moved
endif

$(VENV)/.ready-demo: EXTRA := report
$(VENV)/.ready-dev: EXTRA := dev
$(VENV)/.ready-bench: EXTRA := dev,bench
$(VENV)/.ready-%: $(SOURCES) $(MOVED)
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed; say which: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(if $(MOVED),--clear) $(VENV)
	$(PIP) -e ".[$(EXTRA)]" $(EDITABLE_PACKS)
	$(if $(findstring dev,$(EXTRA)),@$(PIP) -e ".[monitor]" $(EDITABLE_PACKS) || echo "durable-rules needs a C compiler and was not installed; the tests of live monitoring are left out")
	@echo "$(CURDIR)" > $@
