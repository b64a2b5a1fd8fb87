# The platform's commands. `make run` and `make test` need Python 3.11 or later, venv and make; nothing else.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
# One more than the cores of a small machine: tests with servers and browsers wait much of their time.
WORKERS ?= 3
# What production sets, for the checks that ask about it.
PRODUCTION := DEMO_MODE=0 DEBUG=0 SITE_URL=https://market.example \
	SECRET_KEY=only-for-checking-that-production-settings-pass-every-check-of-django \
	PRICE_KEY=6f6e6c7920666f7220636865636b696e672c206e6f206b657920617420616c6c
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/*.po)

# Each process of the platform starts in half the time when what was compiled is kept.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test fast check bench shots messages reset lock setup environment

help:
	@echo 'make run       the whole platform with demo data at one address; Ctrl-C stops it'
	@echo 'make test      every check and every test'
	@echo 'make fast      the tests of rules and actions, without races, pages, processes and browsers, in under a minute'
	@echo 'make check     the checks alone: style, types, templates, layers, migrations, deployment'
	@echo 'make bench     the numbers of DESIGN 9, measured on this machine'
	@echo 'make shots     screenshots of every page, in shots/'
	@echo 'make messages  collect the texts to translate (needs gettext)'
	@echo 'make reset     delete the demo: database, files, keys'
	@echo 'make lock      pin the newest allowed versions in requirements.lock'

run: setup
	@exec $(MANAGE) up

test: check
	@$(BIN)/python -m tests.plumbing.chromium
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

fast: setup
	$(BIN)/pytest -n $(WORKERS) --dist worksteal -m "not (slow or crash or race or page or story or browser)"

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	DEMO_MODE=1 $(BIN)/mypy
	$(BIN)/djlint templates --quiet --check
	$(BIN)/djlint templates --quiet --lint
	DEMO_MODE=1 $(BIN)/lint-imports
	DEMO_MODE=1 $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING

bench: setup
	$(BIN)/python -m bench

shots: setup
	$(BIN)/python -m tests.shots

messages: setup
	DEMO_MODE=1 $(MANAGE) makemessages --locale en --no-obsolete --ignore .venv --ignore .data

reset: setup
	@$(MANAGE) reset

lock:
	@rm -rf .data/lock-tools && $(PYTHON) -m venv .data/lock-tools && .data/lock-tools/bin/pip install -q uv
	.data/lock-tools/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--upgrade --group pyproject.toml:dev pyproject.toml -o requirements.lock

# `.venv/installed.lock` is the lock the environment was made from; any other content means: make it again.
setup:
	@{ cmp -s requirements.lock .venv/installed.lock && $(BIN)/python -c ''; } || $(MAKE) --no-print-directory environment
	@for po in $(CATALOGUES); do mo=$${po%.po}.mo; \
		test $$mo -nt $$po || $(BIN)/pybabel --quiet compile --input-file $$po --output-file $$mo || exit 1; done

environment:
	@test -n '$(PYTHON)' || { echo 'Python 3.11 or later with venv is needed (Debian: apt install python3-venv).'; exit 1; }
	@echo "  Making .venv with $$($(PYTHON) --version); the first time this takes about a minute."
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps --require-hashes \
		-r requirements.lock
	@cp requirements.lock .venv/installed.lock
