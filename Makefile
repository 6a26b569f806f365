# Everything a contributor does, and everything CI runs. Needs Python 3.11 or later, pip and make.
#
#   PYTHON=python3.12   the interpreter to make the environment with
#   ARGS="..."          passed on to the command of a target, e.g. make test ARGS="-k rules"
#   FORCE=1             run the tests although nothing changed since they passed

SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TESTED := $(VENV)/.tested
FILES = git rev-parse --git-dir >/dev/null 2>&1 && git ls-files -co --exclude-standard -z \
  | xargs -0 sha256sum 2>/dev/null | sha256sum
BUNDLE := src/segmentry/report/static/echarts.min.js src/segmentry/api/static/index.html
WEB := $(shell git ls-files web 2>/dev/null || find web -name node_modules -prune -o -type f -print) \
  docs/reference/openapi.json

# True in an interpreter that can run Segmentry and make an environment for it.
USABLE := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))

.PHONY: help setup setup-engines demo serve test fuzz carry cases validate methods engines torture soak lint check bench shuffle docs pictures constraints clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

setup: $(READY) $(BUNDLE) ## make .venv with every pinned package and build the web bundle

demo: setup ## segment a real shop: load, check, refresh, print, write a report into ./demo-shop
	@$(BIN)/segmentry demo $(ARGS)

serve: $(READY) $(BUNDLE) ## open ./demo-shop (after `make demo`) in a browser: the page and the API
	@test -d demo-shop || $(MAKE) demo
	@$(BIN)/segmentry serve --workspace demo-shop $(ARGS)

setup-engines: setup ## also install what tests of Spark and of crashes need: pyspark, Java, strace
	@echo 'Installing pyspark into $(VENV) (450 MB) ...'
	@$(BIN)/python -m pip install -qq --require-hashes -r constraints-spark.txt
	@missing=''; command -v java >/dev/null || missing='openjdk-17-jre-headless'; \
	command -v strace >/dev/null || missing="$$missing strace"; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing $$missing ..."; \
	    export DEBIAN_FRONTEND=noninteractive; \
	    apt-get update -qq </dev/null && \
	    apt-get install -y -qq --no-install-recommends $$missing </dev/null >/dev/null; \
	  else echo "To run every test, install with your package manager: $$missing"; fi; \
	fi

# One process more than there are cores, for many tests wait for a server, a browser or a process.
# What is imported is compiled once, whatever the surroundings say, not by each of hundreds.
WORKERS := import os; print((os.cpu_count() or 1) + 1)

test: setup ## run all tests; done at once when nothing changed since they passed (FORCE=1 runs them)
	@now=$$($(FILES)); \
	if [ -z '$(ARGS)$(FORCE)' ] && [ -n "$$now" ] && [ "$$now" = "$$(cat $(TESTED) 2>/dev/null)" ]; then \
	  echo 'All tests passed on exactly these files. To run them again: make test FORCE=1'; exit 0; \
	fi; \
	rm -f $(TESTED); \
	workers=$$($(BIN)/python -c '$(WORKERS)'); \
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n $$workers --dist worksteal $(ARGS) || exit $$?; \
	if [ -z '$(ARGS)' ]; then echo "$$now" > $(TESTED); fi

fuzz: setup ## 100,000 random rules on PostgreSQL against DuckDB (about 45 minutes; ARGS="--engine spark --rules 5000")
	@$(BIN)/python -m tests.engines.fuzz $(ARGS)

carry: setup ## 10,000 pairs of rules and changes: a refresh going on is one begun anew (0.4 s of a core each)
	@SEGMENTRY_CARRIES=10000 $(BIN)/python -m pytest -q -n logical tests/workspace/test_carry_pairs.py $(ARGS)

cases: setup ## 50,000 requests that the API's description allows, and does not, 10,000 sequences of retries (some 30 minutes of one core)
	@SEGMENTRY_CASES=50000 SEGMENTRY_SEQUENCES=10000 $(BIN)/python -m pytest -q -n logical \
	  tests/api/test_any_request.py tests/api/test_once.py $(ARGS)

validate: setup ## every method against known truth, into docs/reference/validation.md (half an hour of one core)
	@$(BIN)/python -m tests.validation $(ARGS)

methods: setup ## every method on every shop of the walk-throughs, into examples/METHODS.md (ARGS=names, to the screen)
	@$(BIN)/python -m tests.examples.methods $(ARGS)

engines: setup ## every case on every engine; `make test` gives Spark a selection (over an hour)
	@SEGMENTRY_THOROUGH=1 $(BIN)/python -m pytest -q tests/engines $(ARGS)

torture: setup ## kill -9 at 2,000 moments of 19 commands (strace; 35 minutes on two cores)
	@$(BIN)/python -m tests.torture kill $(or $(ARGS),2000)

soak: setup ## load and refresh for ten minutes: memory and open files stay flat (ARGS=minutes)
	@$(BIN)/python -m tests.torture soak $(or $(ARGS),10)

lint: setup ## formatting, lint rules, types, order of the layers
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

check: lint test ## what CI runs: lint, then test

bench: setup ## measure speed and memory side by side with other ways of doing the same
	@$(BIN)/python -m benchmarks $(ARGS)

shuffle: setup ## 200 shuffles of a shop's records give the same bytes (half an hour of one core)
	@SEGMENTRY_SHUFFLES=200 $(BIN)/python -m pytest -q -n logical tests/workspace/test_order.py $(ARGS)

docs: setup ## run every example in README.md and docs/
	@$(BIN)/python -m pytest -q --doctest-glob='*.md' $(ARGS) $(wildcard README.md) docs \
	  || test $$? -eq 5 # 5: there is no example yet

pictures: demo ## take the README's pictures of the demo's report and page, in Chromium
	@PATH="$(CURDIR)/$(BIN):$$PATH" docs/images/take.sh demo-shop
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python docs/images/page.py demo-shop

constraints: setup ## pin every version and hash again (newer versions: ARGS=--upgrade)
	@$(BIN)/uv --quiet pip compile pyproject.toml --output-file constraints.txt \
	  --all-extras --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	  --no-emit-package pyspark --no-emit-package py4j --no-annotate --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command 'make constraints' $(ARGS)
	@echo 'pyspark>=4.1,<5' | $(BIN)/uv --quiet pip compile - --output-file constraints-spark.txt \
	  --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
	  --no-emit-find-links --custom-compile-command 'make constraints' $(ARGS)
	@if grep -nE '://|^-| @ |(^|[^a-z0-9])/' constraints.txt constraints-spark.txt; then \
	  echo 'constraints files must hold only names, versions and hashes' >&2; exit 1; fi

clean: ## remove what was built, but not .venv
	@rm -rf build dist web/node_modules src/segmentry/report/static src/segmentry/api/static .hypothesis .import_linter_cache \
	  .mypy_cache .pytest_cache .ruff_cache
	@find src tests benchmarks examples -name __pycache__ -type d -prune -exec rm -rf {} + \
	  2>/dev/null || true

# The environment. Its build tools are pinned too, hence no build isolation.
$(READY): pyproject.toml constraints.txt hatch_build.py
	@if ! $(BIN)/python -c '$(USABLE)' 2>/dev/null || ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	  command -v $(PYTHON) >/dev/null || { \
	    echo "error: $(PYTHON) not found. Install Python 3.11 or later, or name one: make PYTHON=python3.12" >&2; exit 1; }; \
	  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "error: Segmentry needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; \
	    echo "       Name a newer one: make PYTHON=python3.12" >&2; exit 1; }; \
	  $(PYTHON) -c '$(USABLE)' 2>/dev/null || { \
	    echo "error: $(PYTHON) has no venv module. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }; \
	  echo 'Making $(VENV) ...'; \
	  $(PYTHON) -m venv --clear $(VENV); \
	fi
	@echo 'Installing the pinned packages into $(VENV) (the first time a minute or two, 1.2 GB) ...'
	@$(BIN)/python -m pip install -qq --require-hashes -r constraints.txt || { \
	  echo 'error: pip could not install constraints.txt; its message is above. Check that pip reaches a package index.' >&2; exit 1; }
	@$(BIN)/python hatch_build.py
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

$(BUNDLE): $(WEB) | $(READY)
	@$(BIN)/python hatch_build.py
