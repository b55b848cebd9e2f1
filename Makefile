# One obvious command for each habit. Everything is installed into .venv by what it needs.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: bench demo test test-long lint docs clean help

help:
	@echo "make demo       check, repair and verify a copy of module 17"
	@echo "make test       lint, types, layers and all tests"
	@echo "make test-long  longer fuzzing and large sizes"
	@echo "make lint       ruff, mypy, import-linter"
	@echo "make bench      the table of speed, and the peers' figures"
	@echo "make docs       write the rule index and the README's sessions again"

demo: .venv/.ready
	@rm -rf build/demo && mkdir -p build/demo && cp -R modules build/demo/
	@cd build/demo && PATH="$(CURDIR)/$(BIN):$$PATH" sh -c ' \
	  echo "\$$ modfix check modules/17_compression"; modfix check modules/17_compression; \
	  echo; echo "\$$ modfix fix modules/17_compression --write"; \
	  modfix fix modules/17_compression --write && \
	  echo && echo "\$$ modfix verify modules/17_compression" && \
	  modfix verify modules/17_compression'

test: lint
	$(BIN)/python -m pytest -n 2 tests

test-long: .venv/.ready
	$(BIN)/python -m pytest -n 2 tests -m "long or not long" --hypothesis-profile=long

lint: .venv/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy modfix rules modules/tinytorch
	$(BIN)/lint-imports

docs: .venv/.ready
	$(BIN)/python -m tests.readme

bench: .venv/.ready .venv-peers/.ready
	$(BIN)/python -m benchmarks

.venv-peers/.ready: pyproject.toml
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check \
	  $$($(BIN)/python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies']['benchmark'])")
	@touch $@

clean:
	rm -rf .venv .venv-peers build dist *.egg-info

.venv/.ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@
