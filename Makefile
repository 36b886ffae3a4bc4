# One entrance. Every target does its own set-up; paths are relative, so a folder with a space in its name works.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
UV_COMPILE := uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --no-header

# Compiled modules are kept: the sandbox loads the workflow anew for each case, and each command starts anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install demo pilot replay-book test proofs lint check bench bench-gate lock clean

install: $(STAMP)

$(STAMP): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Relance needs Python 3.11 or newer; set PYTHON=python3.11 or newer.")'
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $(STAMP)

demo: $(STAMP)
	@exec $(PY) -m demo $(ARGS)

pilot: $(STAMP)
	@exec $(PY) -m demo.pilot $(ARGS)

replay-book: $(STAMP)
	@exec $(PY) -m demo.book $(if $(DATA),"$(DATA)") $(ARGS)

test: $(STAMP)
	@exec $(PY) -m pytest -n auto --maxprocesses 4 --dist worksteal -m "not slow and not faults" $(ARGS)

proofs: $(STAMP)
	@exec $(PY) -m pytest -n auto --maxprocesses 2 --dist worksteal -m "slow or faults" $(ARGS)

lint: $(STAMP)
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports --no-logo

check: lint test proofs bench-gate

bench: $(STAMP)
	@exec $(PY) -m benchmarks $(ARGS)

bench-gate: $(STAMP)
	@exec $(PY) -m benchmarks.gate

lock:
	$(UV_COMPILE) -q -o requirements.lock
	$(UV_COMPILE) -q --group dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf var .pytest_cache .mypy_cache .ruff_cache
