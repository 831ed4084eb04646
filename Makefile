# Commands for everyday work; `make help` lists them.
.DEFAULT_GOAL := help
BIN ?= .venv/bin/

.PHONY: help setup run test test-long coverage check supply advisories lock format catalogues docs try-machines try-restore try-faults try-kills try-syncs

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: ## Create the environment
	python3 -m venv .venv && $(BIN)pip install -c constraints.txt -e '.[dev]'

run: ## Create the demonstration and serve it
	$(BIN)ciss demo

test: ## Run the tests, on SQLite and PostgreSQL
	$(BIN)pytest

test-long: ## Run the long form: page tests on both databases, and journeys at both widths
	$(BIN)pytest --long

coverage: ## Run the tests and measure line and branch coverage; PATHS=tests/people measures a part, without the minimum
	$(BIN)pytest --cov --cov-report=term $(if $(PATHS),--cov-fail-under=0 $(PATHS))

check: ## Check format, lint, dangerous calls, types, order of rooms, templates and content, exactly as CI does
	$(BIN)ruff format --check .
	$(BIN)ruff check .
	$(BIN)bandit --quiet --configfile pyproject.toml -ll --recursive cissapp config.py wsgi.py
	$(BIN)mypy
	$(BIN)lint-imports
	$(BIN)djlint --quiet --check --lint cissapp
	$(BIN)ciss content check --strict

supply: ## List everything installed, with licences, in build/sbom.json; CI runs this too
	@mkdir -p build
	$(BIN)cyclonedx-py environment --pyproject pyproject.toml --of JSON -o build/sbom.json

advisories: ## Compare the pinned versions with a list of known vulnerabilities; LIST=PyPI/all.zip of osv.dev, or a folder
	$(BIN)python -m checks.advisories $(LIST)

lock: ## Update the pins of all dependencies, and lock those of an installation by hash; needs uv
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --no-annotate --no-header -o constraints.txt
	uv pip compile pyproject.toml --extra redis -c constraints.txt --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -o requirements.lock

format: ## Format code and templates
	$(BIN)ruff check --fix-only .
	$(BIN)ruff format .
	$(BIN)djlint --quiet --reformat cissapp

catalogues: ## Extract the sentences to translate, then update and compile the catalogues
	$(BIN)pybabel extract --no-location --sort-output -F babel.cfg -k lazy_gettext -k _l -k N_ -o cissapp/translations/messages.pot .
	$(BIN)pybabel update --no-fuzzy-matching --ignore-obsolete -i cissapp/translations/messages.pot -d cissapp/translations
	$(BIN)pybabel compile -d cissapp/translations

# These import from the tests, and run in folders of their own.
try-machines try-restore try-faults try-kills try-syncs: export PYTHONPATH = $(CURDIR)

try-machines: ## Try several processes, a replica, Redis and an object store under load; FOLDER=/some/new/folder
	$(BIN)python -m benchmarks.machines $(FOLDER)

try-restore: ## Try backups while others write, and restores that are killed; FOLDER=/some/new/folder
	$(BIN)python -m benchmarks.restore $(FOLDER)

try-faults: ## Stop each service under load, overload the installation, fill a disk; FOLDER=/some/new/folder
	$(BIN)python -m benchmarks.faults $(FOLDER)

try-kills: ## Kill the service repeatedly while people write, on both databases; FOLDER=/some/new/folder
	$(BIN)python -m benchmarks.kills $(FOLDER)

try-syncs: ## Check with strace that each response is sent only after the data is on disk; FOLDER=/some/new/folder
	$(BIN)python -m benchmarks.syncs $(FOLDER)

docs: ## Build the documentation site in site/; needs pip install -c constraints.txt -e '.[docs]'
	$(BIN)mkdocs build
