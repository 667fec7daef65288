# Two commands do everything on a fresh machine: `make run` and `make test`.

VENV := .venv
BIN := $(VENV)/bin
# The first Python that is new enough; PYTHON=/path/to/python overrides it.
NEW_ENOUGH := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$python && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check
CHECKED := app rnn_core unrolled tests scripts benchmarks docs/conf.py
# JavaScript is checked and packed by programs for Node, which pip brings; the app itself needs none.
NODE := $(BIN)/node
ESLINT := $(NODE) node_modules/eslint/bin/eslint.js
PRETTIER := $(NODE) node_modules/prettier/bin/prettier.cjs --log-level warn
TSC := $(NODE) node_modules/typescript/bin/tsc
SCRIPTS := "*.js" "app/**/*.{js,ts}"
# The exact versions of every package; `PINS=` takes the newest that the bounds allow instead.
PINS ?= -c constraints.txt
# What is imported is compiled then: all of PyTorch beforehand would take longer than to install it.
LAZILY := --no-compile
# And kept, also where images of containers say otherwise: hundreds of processes import the same.
unexport PYTHONDONTWRITEBYTECODE
# Each worker starts a server and a browser of its own.
WORKERS ?= 3

.DEFAULT_GOAL := help
.PHONY: help run test check types style javascript format bundle wheel docs bench pictures browser clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/installed-app ## open the app in the browser, installing first what is missing
	$(BIN)/python -m streamlit run app/main.py

# What checks runs beside one another, once everything is installed, which cannot be.
test: $(VENV)/installed-dev $(VENV)/installed-docs node_modules/installed browser ## every check and every test, installing first what is missing
	@$(MAKE) --no-print-directory --jobs=2 check docs
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

check: types style javascript ## format, lint, types, layering

# The parts of check.
types: $(VENV)/installed-dev
	$(BIN)/python -m mypy

style: $(VENV)/installed-dev node_modules/installed
	$(BIN)/python -m ruff format --check $(CHECKED)
	$(BIN)/python -m ruff check $(CHECKED)
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m scripts.bundle --check

javascript: $(VENV)/installed-dev node_modules/installed
	$(PRETTIER) --check $(SCRIPTS)
	$(ESLINT) --max-warnings 0
	$(TSC)

format: $(VENV)/installed-dev node_modules/installed ## rewrite the code in the project's format
	$(BIN)/python -m ruff format $(CHECKED)
	$(BIN)/python -m ruff check --fix $(CHECKED)
	$(ESLINT) --fix
	$(PRETTIER) --write $(SCRIPTS)

bundle: $(VENV)/installed-dev node_modules/installed ## pack the JavaScript into the one file that pages load
	$(BIN)/python -m scripts.bundle

# Anew each time: setuptools would put into the wheel what an earlier build left behind.
wheel: $(VENV)/installed-dev ## what people install, into dist/
	rm -rf build dist
	$(PIP) wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	rm -rf build unrolled.egg-info

# A warning is an error, and so is a reference that leads nowhere.
docs: $(VENV)/installed-docs ## build the documentation site into build/site
	$(BIN)/python -m sphinx --quiet --fail-on-warning --nitpicky -b html -d build/doctrees docs build/site
	@echo "build/site/index.html"

bench: browser ## measure the core against PyTorch and the screen against its floor
	@for benchmark in benchmarks/*.py; do \
		case $$benchmark in */__init__.py|*/_*) continue ;; esac; \
		module=$$(echo $${benchmark%.py} | tr / .); \
		$(BIN)/python -m $$module || exit 1; done

pictures: browser ## take the pictures of the README from the running app
	$(BIN)/python -m scripts.screenshots

clean: ## remove what was installed and made here
	rm -rf $(VENV) build docs/generated dist unrolled.egg-info node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results

# An empty file for each installed set: nothing is installed again, so nothing is downloaded again,
# until the list that it was made from changes.
$(VENV)/made:
	@test -n "$(PYTHON)" || { echo "Unrolled needs Python 3.11 to 3.14: install one, or name it with PYTHON=/path/to/python."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python could not make an environment: on Debian or Ubuntu, apt-get install python3-venv."; exit 1; }
	@touch $@

$(VENV)/installed-app: $(VENV)/made requirements.txt constraints.txt
	$(PIP) install --quiet -r requirements.txt $(PINS)
	@touch $@

$(VENV)/installed-dev: $(VENV)/made requirements.txt requirements-dask.txt requirements-dev.txt constraints.txt
	$(PIP) install --quiet $(LAZILY) -r requirements-dev.txt $(PINS)
	@touch $@ $(VENV)/installed-app

$(VENV)/installed-docs: $(VENV)/installed-app requirements-docs.txt
	$(PIP) install --quiet $(LAZILY) -r requirements-docs.txt $(PINS)
	@touch $@

# npm removes the folder before it installs, and the stamp with it.
node_modules/installed: package.json package-lock.json | $(VENV)/installed-dev
	$(BIN)/npm ci --ignore-scripts --no-audit --no-fund --loglevel error
	@touch $@

# Asked each time: the browser lives outside this folder and may have gone.
browser: $(VENV)/installed-dev
	@$(BIN)/python -m scripts.install_chromium
