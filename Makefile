# The commands of this repository; README says what each is for. Needs make and Python 3.11 or newer.
#
# Every package is installed from a lock file, its hash checked. One exception: torch on Linux.
# The registry's build brings gigabytes of CUDA; the CPU build is another file from another place,
# whose hash the lock does not hold. So there torch comes first, by exact version, from PyTorch's
# CPU packages (or a folder of wheels that PIP_FIND_LINKS names), and the lock finds it present.
# On macOS and Windows the lock's hashes hold for torch too.

PY ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements.lock
DEV_LOCK := requirements-dev.lock
# The index is built again when knowledge, or what reads it in, has changed: one stamp a data folder.
INDEX := $(VENV)/.index$(subst /,-,$(ASSISTANT_DATA))
INDEXED := $(shell find knowledge_base ingest -name __pycache__ -prune -o -print 2>/dev/null)

UV := $(BIN)/uv pip
INSTALL := $(UV) install --quiet --python $(BIN)/python
FROM_LOCK := $(INSTALL) --no-deps --require-hashes --requirement
TORCH := $(shell sed -n 's/^\(torch==[^ ;\\]*\).*/\1/p' $(LOCK))

# Compiled files make every later start quicker.
unexport PYTHONDONTWRITEBYTECODE

empty :=
comma := ,
space := $(empty) $(empty)
ifneq ($(wildcard $(addsuffix /torch-*.whl,$(PIP_FIND_LINKS))),)
TORCH_FROM := UV_FIND_LINKS='$(subst $(space),$(comma),$(strip $(PIP_FIND_LINKS)))'
else
TORCH_FROM := UV_TORCH_BACKEND=cpu
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test bench upgrade clean

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /make \1: /p' $(firstword $(MAKEFILE_LIST))

setup: $(INDEX) ## make .venv, install, export the embedding model, build the index

run: $(INDEX) ## start the page on loopback and print its address
	@$(BIN)/python -m web

test: $(VENV)/.dev $(INDEX) ## formatting, lint, types, import contracts, knowledge, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict
	$(BIN)/lint-imports
	$(BIN)/python -m ingest check
	$(BIN)/python -m pytest --numprocesses=2 --dist=loadfile

bench: $(INDEX) ## the benchmarks' table
	@$(BIN)/python -m benchmarks

upgrade: $(VENV)/.uv ## newest allowed versions of everything, into the lock files
	UV_CUSTOM_COMPILE_COMMAND='make upgrade' $(UV) compile --quiet --upgrade --universal \
	  --python-version 3.11 --generate-hashes --no-annotate --all-extras --group setup \
	  --output-file $(VENV)/$(LOCK) pyproject.toml
	awk '/^[a-z]/ {keep = !/^(cuda|nvidia|triton)/} /^#/ {keep = 1} keep' $(VENV)/$(LOCK) > $(LOCK)
	UV_CUSTOM_COMPILE_COMMAND='make upgrade' $(UV) compile --quiet --upgrade --universal \
	  --python-version 3.11 --generate-hashes --no-annotate --group pyproject.toml:dev \
	  --constraint $(LOCK) --output-file $(DEV_LOCK)
	@echo 'Lock files written. Now: make test'

clean: ## remove .venv and all caches; what people said and stored stays
	rm -rf $(VENV) build dist *.egg-info .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# uv comes from the lock too: pip checks its hash, and uv installs the rest.
$(VENV)/.uv: $(LOCK)
	@$(PY) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; say which: make PY=python3.12 …")'
	test -x $(BIN)/pip || $(PY) -m venv $(VENV)
	sed -n '/^uv==/,/[^\\]$$/p' $(LOCK) > $(VENV)/uv.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $(VENV)/uv.lock
	@touch $@

$(VENV)/.installed: $(VENV)/.uv $(LOCK) pyproject.toml
	@echo 'Installing: about two gigabytes, a minute or a few …'
ifeq ($(shell uname -s),Linux)
	$(TORCH_FROM) $(INSTALL) --no-deps '$(TORCH)'
endif
	$(FROM_LOCK) $(LOCK)
	$(INSTALL) --no-deps --no-build-isolation --editable .
	$(BIN)/python -m pip check
	@touch $@

$(VENV)/.dev: $(VENV)/.installed $(DEV_LOCK)
	$(FROM_LOCK) $(DEV_LOCK)
	$(BIN)/python -m pip check
	@touch $@

$(INDEX): $(VENV)/.installed $(INDEXED)
	$(BIN)/python -m ingest build
	@touch $@
