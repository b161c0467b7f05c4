# Every target sets up what it needs. The environment is .venv, made from requirements.lock (exact versions, hashes).
# `make PYTHON=python3.13 …` chooses the interpreter that the environment is made with.

SHELL := /bin/bash
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3.14 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
ifeq ($(PYTHON),)
PYTHON := python3
endif
VENV := .venv
BIN := $(VENV)/bin
# numpy's threads only wait for one another on matrices of this size
export OPENBLAS_NUM_THREADS ?= 1

PORT ?= 8000

.PHONY: help env book preview pdf site serve lab test test-nightly test-every-value test-webkit test-pythons test-lite
.PHONY: test-matplotlibs quotes lint bench clean
help: ## this list
	@echo "make …"
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 20

env: $(VENV)/ready
$(VENV)/ready: requirements.lock pyproject.toml liveplate/pyproject.toml book/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the packages of requirements.lock into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e ./liveplate -e . -e ./book
	@touch $@

book: env ## the whole book as a static site in _build/html: notebooks executed, live figures baked, everything checked
	@$(BIN)/python -m tools.build.book

preview: env ## one page by itself: make preview PAGE=notebooks/05-double-descent
	@test -n "$(PAGE)" || { echo "say which page: make preview PAGE=notebooks/05-double-descent"; exit 1; }
	@$(BIN)/python -m tools.build.book --only $(PAGE)

pdf: book ## the whole book as one PDF (needs Chromium)
	@$(BIN)/python -m tools.build.pdf

site: env $(VENV)-lite/ready ## the book, its chapters to be run in the browser (JupyterLite), and the downloads
	@$(BIN)/python -m tools.build.site

$(VENV)-lite/ready: tools/lite/requirements.lock
	@test -x $(VENV)-lite/bin/python || $(PYTHON) -m venv $(VENV)-lite
	@echo "installing the packages of tools/lite/requirements.lock into $(VENV)-lite"
	@$(VENV)-lite/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tools/lite/requirements.lock
	@touch $@

serve: ## the built site on http://localhost:8000 (PORT=… for another port)
	@test -f _build/html/index.html || $(MAKE) book
	@echo "http://localhost:$(PORT)   (Ctrl-C ends it)"
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

lab: env ## JupyterLab on the notebooks, at the one to start with
	$(BIN)/jupyter lab --notebook-dir=. notebooks/00-start-here.ipynb

test: env ## everything that is tested: lint, the library, the book, the pages in Chromium and Firefox (fetched if missing)
	@$(BIN)/python -m tools.check.tests

test-nightly: env ## what takes longer than a change should wait for: each number of each chapter changed, one by one
	$(BIN)/python -m pytest -q -n 2 -m nightly tests

test-every-value: book ## every value of every control of every figure, in Firefox; every page by its Tab key
	RENORM_TEST_ALL=1 RENORM_EVERY_VALUE=1 $(BIN)/python -m pytest -q -m firefox tests/book/test_firefox.py

test-webkit: book ## every page in WebKit, at every width (needs webkit2gtk-driver, xvfb and xauth)
	RENORM_TEST_ALL=1 $(BIN)/python -m pytest -q -m webkit tests/book/test_webkit.py

# each Python that the machine has, from 3.11 on, in an environment of its own
PYTHONS ?= $(shell for v in 3.11 3.12 3.13 3.14; do for p in python$$v $(HOME)/.pyenv/versions/$$v.*/bin/python$$v; do \
	$$p -c '' 2>/dev/null && echo $$v && break; done; done)

test-pythons: $(PYTHONS:%=$(VENV)-%/ready) ## the library's tests and three chapters under every Python that is here
	@for v in $(PYTHONS); do $(VENV)-$$v/bin/python -m tools.check.pythons || failed="$$failed $$v"; done; \
		test -z "$$failed" || { echo "failed:$$failed"; exit 1; }

$(VENV)-3.%/ready: requirements.lock pyproject.toml liveplate/pyproject.toml book/pyproject.toml
	@test -x $(@D)/bin/python || for p in python3.$* $(HOME)/.pyenv/versions/3.$*.*/bin/python3.$*; do \
		$$p -m venv $(@D) 2>/dev/null && break; done
	@echo "installing the packages of requirements.lock into $(@D)"
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e ./liveplate -e . -e ./book
	@touch $@

test-lite: site ## the chapters in the browser: each executed by Pyodide and opened in Chromium
	RENORM_TEST_ALL=1 $(BIN)/python -m pytest -q -m lite tests/tools/test_lite.py

# the oldest matplotlib that liveplate promises, with the numpy of its time, and the newest that there is
OLDEST := matplotlib==3.8.4 numpy==2.0.*
NEWEST := matplotlib numpy
# that old matplotlib has wheels for these Pythons
OLD_PYTHON ?= $(shell for p in python3.12 python3.11; do $$p -c '' 2>/dev/null && echo $$p && break; done)

test-matplotlibs: $(VENV)-oldest/ready $(VENV)-newest/ready ## the live figures under the oldest matplotlib that they promise, and the newest
	@for env in $(VENV)-oldest $(VENV)-newest; do \
		$$env/bin/python -c 'import matplotlib, numpy; print("matplotlib", matplotlib.__version__, "numpy", numpy.__version__)' && \
		$$env/bin/python -m pytest -q -n 2 -m "not browser" -W ignore::DeprecationWarning -c liveplate/pyproject.toml liveplate || exit 1; \
	done

$(VENV)-oldest/ready: PINS = $(OLDEST)
$(VENV)-oldest/ready: PYTHON = $(OLD_PYTHON)
$(VENV)-newest/ready: PINS = --upgrade $(NEWEST)
$(VENV)-oldest/ready $(VENV)-newest/ready: liveplate/pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or 3.12 is needed for the oldest matplotlib"; exit 1; }
	@test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	@echo "installing liveplate and $(PINS) into $(@D)"
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check $(PINS) -e "./liveplate[test]"
	@touch $@

bench: env ## how fast the library is
	$(BIN)/python -m benchmarks.run

quotes: book ## every number that the prose quotes, with its standard error and the difference that is allowed
	@$(BIN)/python -m tools.check.quotes

lint: env ## the linter and the formatter's opinion
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

clean: ## remove everything that was built (not the environment)
	rm -rf _build .cache build dist liveplate/build book/build
