# Gigaledger. `make` runs the main job, `make test` checks everything, `make help` lists the rest.

.DEFAULT_GOAL := run
.DELETE_ON_ERROR:
.PHONY: help run test lint types pytest bench bench-smoke torture format constraints wheel scale clean

# What can be set on the command line, as in `make test PYTHON=python3.13 VENV=.venv313`.
PYTHON ?= python3
VENV ?= .venv
DIST ?= dist
PYTEST_ARGS ?= -n 2
BENCH_ARGS ?=
CONSTRAINTS_PYTHON ?= python3.11
EXTRAS ?= dev

BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check
SETTINGS := pyproject.toml constraints.txt Makefile

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/.installed ## Run the main job: reconcile the bundled ledger and print it
	@$(BIN)/gigaledger

test: lint types pytest ## Run lint, types and tests

lint: $(VENV)/.installed-dev ## Check the style of Python and SQL
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/sqlfluff lint --disable-progress-bar sql

types: $(VENV)/.installed-dev ## Check types
	$(BIN)/mypy engine

pytest: $(VENV)/.installed-dev ## Run the tests; PYTEST_ARGS='-m "not slow"' for a quick round
	$(BIN)/python -m pytest $(PYTEST_ARGS)

bench: $(VENV)/.installed-dev ## Measure the aggregation core, into benchmarks/; BENCH_ARGS='--largest 1e7 --in-memory 1e7' for less
	$(BIN)/python benchmarks/bench.py $(BENCH_ARGS)

bench-smoke: $(VENV)/.installed-dev ## Ask every contestant of the benchmark once over few rows, into build/bench-smoke/
	$(BIN)/python benchmarks/bench.py --smoke --results build/bench-smoke/results.csv

torture: $(VENV)/.installed-dev ## Kill, crowd, fill the disk and feed nonsense for 15 minutes, and count what is lost
	$(BIN)/python tests/faults/campaign.py --seconds 885

scale: $(VENV)/.installed-dev ## Measure the reconciliation of 100,000 deals and a million milestones
	$(BIN)/python tests/scale/measure.py

format: $(VENV)/.installed-dev ## Rewrite Python and SQL in the project's style
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix --disable-progress-bar sql

wheel: $(VENV)/.installed-dev ## Build the sdist, and from it the wheel, into dist/
	$(BIN)/python -m build --no-isolation --outdir $(DIST)

# The oldest supported Python chooses the versions, since later ones can install those too.
# The new list replaces the old one only when it is complete.
constraints: ## Choose the newest versions anew and pin them in constraints.txt
	@$(CONSTRAINTS_PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and "constraints.txt is made with Python 3.11: make constraints CONSTRAINTS_PYTHON=...")'
	rm -rf build/constraints
	$(CONSTRAINTS_PYTHON) -m venv build/constraints
	build/constraints/bin/python -m pip install -qq --disable-pip-version-check --editable '.[dev]'
	build/constraints/bin/python -m pip freeze --exclude gigaledger > build/constraints/constraints.txt
	mv build/constraints/constraints.txt constraints.txt
	rm -rf build/constraints

clean: ## Remove the virtual environment and everything that was built
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Gigaledger needs Python 3.11 or later; name one with: make PYTHON=python3.12")'
	@echo "Creating a virtual environment in $(VENV)" >&2
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# The pinned build backend is installed first and used as it is, so that the build is pinned too.
$(VENV)/.installed: $(VENV)/.created $(SETTINGS)
	@echo "Installing Gigaledger into $(VENV)" >&2
	@$(PIP_INSTALL) --constraint constraints.txt hatchling editables
	@$(PIP_INSTALL) --constraint constraints.txt --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.created $(SETTINGS)
	@echo "Installing Gigaledger and its development tools into $(VENV)" >&2
	@$(PIP_INSTALL) --constraint constraints.txt hatchling editables
	@$(PIP_INSTALL) --constraint constraints.txt --no-build-isolation --editable '.[$(EXTRAS)]'
	@touch $(VENV)/.installed $@
