# `make report` and `make test` do all the set-up themselves: Python 3.11 or newer is enough.
PLAN ?= lang-son-transport-2024
QUARTER ?= 2024Q4
LANGUAGE ?= vi
PYTHON ?= $(shell command -v python3 || command -v python)
BIN := .venv/bin

.PHONY: report test test-deep lab check audit lock clean

report: .venv/runtime
	$(BIN)/pgi report --plan '$(PLAN)' --quarter '$(QUARTER)' --lang '$(LANGUAGE)'

# A worker more than there are processors, since kernels and browsers let them wait; the tests of a
# file share what it builds, and tests/conftest.py starts the longest first.
test: .venv/test
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# Laws, fuzzers and calibrations with twenty times the examples: a quarter of an hour and more.
test-deep: .venv/test
	PGI_DEEP=1 $(BIN)/python -m pytest -n auto --dist worksteal -m 'hypothesis or deep'

lab: .venv/quiet
	PGI_LANG=$(LANGUAGE) $(BIN)/jupyter lab --notebook-dir . --LabApp.default_url=/lab/tree/notebooks/start.ipynb

check: .venv/test audit
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

# Known advisories on what the locks pin; without a network it says that they were not checked.
AUDIT := .venv/audit/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off
audit: .venv/python
	@test -x .venv/audit/bin/pip-audit || { $(PYTHON) -m venv .venv/audit && \
	  .venv/audit/bin/pip install --quiet --disable-pip-version-check pip-audit; } >/dev/null 2>&1; \
	said=$$(timeout 120 $(AUDIT) -r requirements-all.txt 2>&1); ended=$$?; \
	case "$$said" in *"known vulnerabilit"*) echo "$$said"; exit $$ended;; esac; \
	test $$ended = 0 || echo "Advisories were not checked: there is no network, or no pip-audit."

clean:
	rm -rf .venv benchmarks/.venv build dist .pytest_cache .ruff_cache .hypothesis reports

# The lock files pin every version and file: pip refuses one whose hash is another.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, found: $$($(PYTHON) --version). Name one with: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/runtime: .venv/python pyproject.toml requirements.txt
	$(PIP) --require-hashes -r requirements.txt
	$(PIP) --no-deps -e .
	@touch $@

.venv/test .venv/lab: .venv/runtime requirements-all.txt
	$(PIP) --require-hashes -r requirements-all.txt
	@touch $@

# JupyterLab asks at its first start whether to fetch news, which an office without network cannot.
QUIET := {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false, "doNotDisturbMode": true}}
.venv/quiet: .venv/lab
	@mkdir -p .venv/share/jupyter/lab/settings
	@echo '$(QUIET)' > .venv/share/jupyter/lab/settings/overrides.json
	@touch $@

LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
lock: .venv/runtime
	$(BIN)/python -m pip install --quiet uv
	$(LOCK) --all-extras --upgrade pyproject.toml -o requirements-all.txt
	$(LOCK) -c requirements-all.txt pyproject.toml -o requirements.txt

# Takes minutes; statsforecast needs another pandas, and so an environment of its own.
.PHONY: benchmark
benchmark: .venv/runtime benchmarks/.venv/ready
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/assessment.py
	$(BIN)/python benchmarks/batch.py
	$(BIN)/python benchmarks/against_statsforecast.py

benchmarks/.venv/ready: benchmarks/requirements.txt
	$(PYTHON) -m venv benchmarks/.venv
	benchmarks/.venv/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@
