# The commands of everyday work; `make help` lists them.
.DEFAULT_GOAL := help
BIN ?= .venv/bin/

.PHONY: help setup run test test-long coverage check format catalogues docs try-machines try-faults

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: ## Make the environment
	python3 -m venv .venv && $(BIN)pip install -c constraints.txt -e '.[dev]'

run: ## Make the demonstration and serve it
	$(BIN)ciss demo

test: ## Run the tests, on SQLite and PostgreSQL
	$(BIN)pytest

test-long: ## The long form: tests of pages on both databases too, journeys in both widths
	$(BIN)pytest --long

coverage: ## Run the tests and count the lines and branches they reach; PATHS=tests/people for a part, without the floor
	$(BIN)pytest --cov --cov-report=term $(if $(PATHS),--cov-fail-under=0 $(PATHS))

check: ## Format, lint, types, order of rooms, templates, content; CI runs exactly this
	$(BIN)ruff format --check .
	$(BIN)ruff check .
	$(BIN)mypy
	$(BIN)lint-imports
	$(BIN)djlint --quiet --check --lint cissapp
	$(BIN)ciss content check --strict

format: ## Put code and templates into shape
	$(BIN)ruff check --fix-only .
	$(BIN)ruff format .
	$(BIN)djlint --quiet --reformat cissapp

catalogues: ## Gather the marked sentences for translation
	$(BIN)pybabel extract --no-location --sort-output -F babel.cfg -k lazy_gettext -k _l -k N_ -o cissapp/translations/messages.pot .
	$(BIN)pybabel update --no-fuzzy-matching --ignore-obsolete -i cissapp/translations/messages.pot -d cissapp/translations
	$(BIN)pybabel compile -d cissapp/translations

try-machines: ## Try several processes, a replica, Redis and an object store under load; FOLDER=/an/empty/folder
	$(BIN)python benchmarks/machines.py $(FOLDER)

try-faults: ## Stop each service under load, overload it, fill a disk; FOLDER=/an/empty/folder
	$(BIN)python benchmarks/faults.py $(FOLDER)

docs: ## Make a site of the documents in site/; needs pip install -c constraints.txt -e '.[docs]'
	$(BIN)mkdocs build
