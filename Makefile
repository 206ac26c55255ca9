# Everything is set up from bare python3 (with its venv module) and make.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench torture hour gallery fix docs golden lock wheel clean

help: ## Show these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/runtime ## Watch the whole job happen, then look at the mail in a browser
	@$(BIN)/newsletter demo

test: .venv/development ## Run all tests
	@$(BIN)/pytest

check: .venv/development ## Check format, lint, types and floors, and the packaging and docs tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pytest -q tests/architecture

bench: .venv/development benchmarks/peers/node_modules ## Measure against peers in the same run; tables, and JSON in benchmarks/results
	@$(BIN)/python -m benchmarks.message
	@$(BIN)/python -m benchmarks.compose
	@$(BIN)/python -m benchmarks.audience
	@$(BIN)/python -m benchmarks.dispatch
	@$(BIN)/python -m benchmarks.public

torture: .venv/development ## Kill senders 200 times and have the receiver say who got what; SEED=… plans the same again
	@$(BIN)/python -m tests.torture $(if $(SEED),--seed $(SEED))

hour: .venv/development ## Send for an hour of virtual time to ten receivers that misbehave; a table of who was annoyed
	@$(BIN)/python -m tests.simulated_hour

gallery: .venv/development ## Take pictures of every kind of section in every design, into build/gallery
	@$(BIN)/python -m tests.browser.gallery

# Without npm or a network the benchmarks go on, and name the peers that they skip.
benchmarks/peers/node_modules: benchmarks/peers/package-lock.json
	@if command -v npm >/dev/null; then echo "Installing the peers (once)…"; \
		(cd benchmarks/peers && npm ci --loglevel=error && touch node_modules) || rm -rf $@; fi

fix: .venv/development ## Format and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

docs: .venv/development ## Write the generated reference pages anew
	@$(BIN)/python -m tests.reference_pages

golden: .venv/development ## Write the golden files of the section kinds anew
	@$(BIN)/python -m tests.sections.golden_files

setup: .venv/development ## Make the virtual environment

lock: .venv/development ## Write the locked requirements anew
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
		--python-version 3.11 --upgrade pyproject.toml -o requirements/runtime.txt
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
		--python-version 3.11 --upgrade --group dev pyproject.toml -o requirements/development.txt
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
		--python-version 3.11 --upgrade requirements/build.in -o requirements/build.txt

wheel: .venv/development ## Build the wheel into dist/
	@$(BIN)/python -m build --wheel --no-isolation

clean: ## Remove what was built
	@rm -rf .venv dist build benchmarks/peers/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name it: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "python3 lacks its venv module. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@touch $@

# --no-deps: the locked files name everything; the build back-end comes from them, too.
.venv/runtime: .venv/made requirements/runtime.txt requirements/build.txt pyproject.toml
	@echo "Setting up (once)…"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/build.txt
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/development: .venv/runtime requirements/development.txt
	@echo "Setting up for development (once)…"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/development.txt
	@touch $@
