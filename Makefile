# Everything a person types. Needs make and Python 3.11 or newer; no root, no other tool.
#   PYTHON   the interpreter for .venv          (default python3)
#   ARGS     handed on to pytest or the bench   make test ARGS="tests/domain -k handoff"

PYTHON ?= python3
ARGS ?=
PROCESSES ?= 2

VENV := .venv/bin
COMPILE = CUSTOM_COMPILE_COMMAND="make lock" .venv-lock/bin/pip-compile --quiet --strip-extras --generate-hashes \
	--allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host $(UPGRADE)

.DEFAULT_GOAL := help
.PHONY: help run test check lint bench lock wheel translations clean environment environment-for-tests

help:  ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

run: environment  ## Start the desk: migrate, load the demo office once, serve, send
	@exec $(VENV)/desk up

test: environment-for-tests  ## Run every test; says at the end what this machine could not run
	$(VENV)/python -m pytest -n $(PROCESSES) --dist loadgroup --max-worker-restart 0 -m "not failure" $(ARGS)
	$(VENV)/python -m pytest -n $(PROCESSES) --dist loadgroup --max-worker-restart 0 -m failure $(ARGS)

check: lint  ## Lint, format, types, layers, templates and the other guards
	$(VENV)/python -m pytest -q tests/guards

lint: environment-for-tests  ## The checks that are no tests: lint, format, types, layers
	$(VENV)/ruff check
	$(VENV)/ruff format --check
	$(VENV)/mypy --strict desk
	$(VENV)/lint-imports --no-logo

bench: environment  ## Measure tickets and calls a second (docs/performance.md)
	$(VENV)/python -m bench $(ARGS)

lock:  ## Resolve requirements/*.txt again; UPGRADE=--upgrade takes newer releases
	@test -x .venv-lock/bin/pip-compile || { $(PYTHON) -m venv .venv-lock && \
		.venv-lock/bin/python -m pip install --quiet -r requirements/lock.in; }
	$(COMPILE) --output-file requirements/run.txt pyproject.toml requirements/run.in
	$(COMPILE) --output-file requirements/test.txt --constraint requirements/run.txt \
		pyproject.toml requirements/run.in requirements/test.in

wheel: environment  ## Build dist/*.whl
	$(VENV)/python -m hatchling build --target wheel

translations: environment  ## Extract messages, merge them into the catalogs, compile
	$(VENV)/pybabel -q extract --mapping pyproject.toml --no-location --sort-output --add-comments=Translators: \
		--keyword=lazy_gettext --keyword=lazy_ngettext:1,2 --keyword=N_ --keyword=lazy --project=desk --version=- \
		--output translations/messages.pot .
	@for catalog in translations/*/LC_MESSAGES/messages.po; do \
		language=$${catalog#translations/}; language=$${language%%/*}; \
		$(VENV)/pybabel -q update --input-file translations/messages.pot --output-dir translations --locale "$$language" \
			--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date || exit; \
		sed -i -E '/^"(Report-Msgid|POT-Creation|PO-Revision|Last-Translator|Language-Team|Generated-By)/d' "$$catalog"; \
	done
	$(VENV)/pybabel -q compile --directory translations

clean:  ## Remove what tools leave behind; keeps .venv and the data in var/
	rm -rf build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .schemathesis
	find bench desk migrations tests -name __pycache__ -type d -prune -exec rm -rf {} +

environment:
	@$(PYTHON) requirements/install.py run

environment-for-tests:
	@$(PYTHON) requirements/install.py test
