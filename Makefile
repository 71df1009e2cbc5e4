# make demo     set up everything, open the studio on demo data
# make test     set up everything, run every test
# make check    format, lint, strict types, architecture
# make figures  README's figures and the demo's checkpoint, again from the seeds
#
# TORCH names another build or index of torch:
#   make demo TORCH='torch==2.13.0 --index-url https://download.pytorch.org/whl/cpu'

PYTHON ?= python3
TORCH ?= torch==2.13.0
WORKSPACE ?= demo-workspace
PORT ?= 7860
FIGURES ?= build/figures
BIN := .venv/bin

.PHONY: demo test check figures setup browser

demo: setup
	@$(BIN)/sounding demo --workspace $(WORKSPACE) --port $(PORT)

test: setup browser
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadgroup  # a worker a core, a thread a worker

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/python -m pytest -q tests/test_architecture.py

figures: setup
	$(BIN)/python -m tests.benchmarks.shipped_run --workspace $(FIGURES) --ship

setup:
	@PYTHON=$(PYTHON) .ci/setup venv
	@.ci/setup packages "$(TORCH)"

browser:
	@.ci/setup browser
