# `make` alone lists what there is. Choose another Python with `make test PYTHON=python3.12`.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Airflow pins much of what it needs, so it has an environment of its own
AIRFLOW_VENV ?= .venv-airflow
AIRFLOW_PYTEST := $(AIRFLOW_VENV)/bin/python -m pytest -c tests/airflow/pytest.ini \
	--rootdir . --confcutdir . -n 2 --dist loadfile
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# many tests wait for a server, so more of them run at once than there are cores; who has nothing
# left to do takes over from who has; what pytest compiles is kept, or each worker does it again
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 5 --dist worksteal
# rows a second: slow enough to watch, over in ten seconds
DEMO_PACE ?= 90

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo recording install test test-airflow test-all services test-postgres lint types docs docs-check smoke build bench clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.ready-for-demo ## watch a CSV file being imported into a local server
	@echo '$$ talkvalue sandbox run --rows-per-second $(DEMO_PACE) -- \'
	@echo '      examples/import-and-wait.sh examples/registrants.csv'
	@PATH="$(abspath $(BIN)):$$PATH" talkvalue sandbox run --rows-per-second $(DEMO_PACE) -- \
		examples/import-and-wait.sh examples/registrants.csv; \
	code=$$?; \
	echo; \
	echo "The exit code was $$code. It is 6 when some rows failed, as in this file."; \
	test $$code -eq 6

recording: install ## record the demo for README.md
	$(BIN)/python -m tests.reference.recording

install: $(VENV)/.ready-for-tests ## make .venv with the program, the sandbox and all tools

test: install ## run the tests, without those that take minutes or need a service
	$(PYTEST) -m 'not slow and not postgres'
	@echo '`make test-postgres` runs those that need a PostgreSQL server.'

test-airflow: $(AIRFLOW_VENV)/.ready ## check and test, with Airflow, dlt and schemas of Kubernetes
	$(AIRFLOW_VENV)/bin/mypy --config-file tests/airflow/mypy.ini
	$(AIRFLOW_PYTEST) -m 'not slow' tests/airflow

test-all: install services $(AIRFLOW_VENV)/.ready ## run all tests, with real triggerers too
	$(PYTEST) -m ''
	$(AIRFLOW_PYTEST) -n 0 tests/airflow

services: ## install what `make test-postgres` starts, where that can be done, else say what
	@tests/postgres/services.sh

test-postgres: install services ## run the tests of the shared journal against a real PostgreSQL
	$(BIN)/python -m pytest -n 2 -m 'postgres and not slow' tests/postgres

lint: install ## look for mistakes, untidy code, and imports from the wrong room
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo --no-cache

types: install ## check the types
	$(BIN)/mypy

docs: install ## write the reference, generated parts of topics, the manual page, and transcripts
	$(BIN)/python -m tests.reference
	$(BIN)/python -m tests.reference.transcripts

docs-check: install ## fail when what `make docs` writes is out of date
	$(BIN)/python -m tests.reference --check

build: install ## build the source archive and the wheel in dist/
	rm -rf dist
	$(PIP) install build
	$(BIN)/python -m build --outdir dist .

smoke: build ## install the wheel alone in an empty environment and start it
	rm -rf $(VENV)/smoke
	$(PYTHON) -m venv $(VENV)/smoke
	$(VENV)/smoke/bin/python -m pip --disable-pip-version-check --quiet install dist/*.whl
	cd / && "$(abspath $(VENV)/smoke/bin)/talkvalue" --help >/dev/null
	cd / && "$(abspath $(VENV)/smoke/bin)/talkvalue" path import create --help >/dev/null
	cd / && "$(abspath $(VENV)/smoke/bin)/talkvalue" version
	cd / && "$(abspath $(VENV)/smoke/bin)/talkvalue" completion bash >/dev/null
	cd / && "$(abspath $(VENV)/smoke/bin)/talkvalue" help exit-codes >/dev/null
	cd / && "$(abspath $(VENV)/smoke/bin)/talkvalue" help reference >/dev/null
	test -s $(VENV)/smoke/share/man/man1/talkvalue.1
	rm -rf $(VENV)/smoke

bench: install ## measure start-up, waiting, uploads; prints a table
	$(BIN)/python -m tests.bench

clean: ## remove what make has made
	rm -rf $(VENV) $(AIRFLOW_VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.ready-for-demo: setup.cfg setup.py | $(VENV)/.made
	@if [ -e $(VENV)/.ready-for-tests ] && [ $(VENV)/.ready-for-tests -nt setup.cfg ]; then :; else \
		echo 'Installing into $(VENV) ...'; $(PIP) install --use-pep517 --editable '.[sandbox]'; fi
	@touch $@

$(VENV)/.ready-for-tests: setup.cfg setup.py | $(VENV)/.made
	@echo 'Installing into $(VENV) ...'
	@$(PIP) install --use-pep517 --editable '.[sandbox,test]'
	@touch $@

$(AIRFLOW_VENV)/.ready: setup.cfg setup.py tests/airflow/requirements.txt
	@echo 'Installing Airflow and more into $(AIRFLOW_VENV); that takes some two minutes ...'
	@$(PYTHON) -m venv $(AIRFLOW_VENV)
	@$(AIRFLOW_VENV)/bin/python -m pip --disable-pip-version-check --quiet install --use-pep517 \
		--editable '.[airflow,excel,postgres,sandbox]' --requirement tests/airflow/requirements.txt
	@touch $@

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { \
		echo 'This needs Python 3.10 or newer; name one: make PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo '$(PYTHON) cannot make virtual environments.' >&2; \
		echo 'On Debian and Ubuntu: sudo apt install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@
