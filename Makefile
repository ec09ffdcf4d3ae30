# Daymart. `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# A morning is some twenty processes: where none may keep what it compiled, each compiles all it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test up down check docs lint evenings answers bench bench-layers bench-mornings campaign lock clean

help: ## list targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: $(READY) ## create .venv with everything the lock names

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Daymart needs Python 3.11 to 3.14; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11 $(MAKECMDGOALS)") if not (3, 11) <= sys.version_info < (3, 15) else None'
	@echo "setting up $(VENV) (the first time takes a minute or two)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

demo: $(READY) ## run a morning of the demo company through the real DAGs
	@$(BIN)/daymart demo

test: $(READY) ## run all tests but the long campaigns
	@$(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

up: $(READY) ## keep the demo running under Airflow (scheduler, API server, UI)
	@$(BIN)/python -m daymart.demo.standalone up

down: $(READY) ## stop what `make up` and `make demo` left running
	@$(BIN)/python -m daymart.demo.standalone down

check: $(READY) ## check settings, contracts, connections, mappings and the dbt project
	@$(BIN)/daymart check

docs: $(READY) ## dbt's documentation of the demo's warehouse as one page (after make demo)
	@$(BIN)/daymart marts docs

lint: $(READY) ## ruff, mypy and sqlfluff
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/sqlfluff lint dbt_project systems

evenings: $(READY) ## DIR=FOLDER: a morning per Odoo dump there, held against Odoo's own figures
	@$(BIN)/python -m daymart.acceptance.evenings "$(DIR)"

answers: SCALE ?= 1
answers: DAYS ?= 30
answers: $(READY) ## SCALE=1 DAYS=30: mornings of a bulk company, held against its simulator's answers
	@$(BIN)/python -m daymart.acceptance.answers --scale $(SCALE) --days $(DAYS)

bench: $(READY) ## measure files, loads, publication and small mornings beside yardsticks
	@$(BIN)/python benchmarks/run.py

bench-layers: SCALE ?= 1
bench-layers: DAYS ?= 120
bench-layers: $(READY) ## SCALE="1 10" DAYS=120: each layer beside its bare SQL; the following day's build
	@$(BIN)/python benchmarks/layers.py --scale $(SCALE) --days $(DAYS)

bench-mornings: SCALES ?= 1 10
bench-mornings: DAYS ?= 260
bench-mornings: $(READY) ## SCALES="1 10" DAYS=260: two whole mornings per size; 100 is long
	@$(BIN)/python benchmarks/mornings.py --scale $(SCALES) --days $(DAYS)

campaign: $(READY) ## the long tests: thousands of faults, 500 publications, half a year of a shop
	@$(BIN)/python -m pytest -m campaign --timeout 7200

lock: ## compile requirements.lock and requirements-production.lock anew
	@$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --group local --group dev --generate-hashes --no-emit-index-url --quiet -o requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --extra sftp --constraint requirements.lock --generate-hashes --no-emit-index-url --quiet -o requirements-production.lock

clean: down ## forget the demo's databases and logs
	@rm -rf .daymart
