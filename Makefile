# Two commands on a fresh machine with Python alone: `make demo` and `make test`.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
SOURCES = pyproject.toml hatch_build.py $(shell find autograd nn viz -type f ! -name '*.pyc')

.PHONY: demo test matrix lint bench mutants coverage gallery pages wheel clean

demo: $(VENV)/installed  ## train document 001's network and draw it, with all other examples
	$(BIN)/python -m examples --out pictures

test: $(VENV)/installed  ## the whole suite, against what is installed
	HYPOTHESIS_PROFILE=ci $(BIN)/pytest -n auto

matrix:  ## the suite on every Python that is promised, and with the oldest packages that are allowed
	$(PYTHON) -m tests.matrix

lint: $(VENV)/installed  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/installed  ## speed and memory, side by side with whatever else is installed
	$(BIN)/python -m tests.bench

mutants: $(VENV)/installed  ## faults put in on purpose, every one of which the suite must find
	$(BIN)/python -m pip install -qq --disable-pip-version-check '.[mutants]'
	$(BIN)/python -m tests.mutants table
	$(BIN)/python -m tests.mutants engine
	$(BIN)/python -m tests.mutants nn --sample 150
	$(BIN)/python -m tests.mutants viz --sample 150

coverage: $(VENV)/installed  ## every branch of the engine, which is that of the source tree here
	$(BIN)/python -m pip install -qq --disable-pip-version-check '.[test,jax]'
	$(BIN)/python autograd/compiler/backends/c/build.py
	HYPOTHESIS_PROFILE=ci $(BIN)/coverage run -m pytest
	$(BIN)/coverage report

gallery: $(VENV)/installed  ## the README's pictures
	$(BIN)/python -m viz demo --out examples/gallery

pages: $(VENV)/installed  ## examples/README.md with its pictures, and the notebooks
	$(BIN)/python -m examples --out examples/pictures --page examples/README.md
	$(BIN)/python -m examples notebooks
	cd examples/pictures && rm -f index.html tour_step.html $$(ls *.svg | sed 's/svg$$/png/')

wheel:
	$(PYTHON) -m pip wheel -qq --no-deps --wheel-dir dist .

$(VENV)/installed: $(SOURCES)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -qq --disable-pip-version-check '.[test]'
	touch $@

clean:
	rm -rf $(VENV) .coverage .matrix .mutants build dist pictures .mypy_cache .pytest_cache .ruff_cache .hypothesis
