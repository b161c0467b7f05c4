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

.PHONY: help env book serve lab test lint bench clean
help:
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

env: $(VENV)/ready
$(VENV)/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the packages of requirements.lock into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

lint: env ## the linter and the formatter's opinion
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

clean: ## remove everything that was built (not the environment)
	rm -rf _build .cache build dist
