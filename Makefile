# All there is to run, on a machine with git, make and Python 3.11 or newer.
# `make` lists it. Each target sets up what it needs, once: a second run is quick.

.DEFAULT_GOAL := help
.NOTPARALLEL:

VENV   := .venv
DIST   := dist
STARTER := hooks/onrecord/drafting/starter
PY     := $(VENV)/bin/python
# A lock is installed again when it, or what the project says of itself, has changed.
READY_SITE := $(VENV)/.ready-site
READY_TEST := $(VENV)/.ready-test

# A machine's own pip settings are obeyed: a mirror, if there is one, is named there.
PIP := $(PY) -m pip --disable-pip-version-check --no-input install --progress-bar off

# Material announces its own end of life on each build; CONTRIBUTING.md says what we do about it.
export NO_MKDOCS_2_WARNING := 1
export PYTHONUTF8 := 1
# Where it is set, each command would compile the whole package anew.
unexport PYTHONDONTWRITEBYTECODE
# deno formats and lints, offline: it needn't ask for its own next release.
export DENO_NO_UPDATE_CHECK := 1
export DENO_DIR := .cache/deno

##@ For everyone

.PHONY: help
help:  ## List what can be run.
	@awk 'BEGIN { FS = ":.*##" } \
	  /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*##/ { printf "  make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: site
site: $(READY_SITE)  ## Build the site into site/.
	@echo "== Building the site"
	@$(PY) -m mkdocs build
	@echo "The site is in site/. To read it: make serve, then open http://127.0.0.1:8000/"

.PHONY: serve
serve: $(READY_SITE)  ## Serve the site, and build it again as files change.
	$(PY) -m mkdocs serve --dev-addr 127.0.0.1:8000

# The example's day is fixed, so that it never ages.
EXAMPLE := example/mkdocs.yml
.PHONY: example
example: export ONRECORD_TODAY = 2026-12-09
example: $(READY_SITE)  ## Build the site of a made-up team into example/site/.
	@echo "== Building the example as of $$ONRECORD_TODAY, the day its team lives on"
	@$(VENV)/bin/onrecord --root example check
	@$(PY) -m mkdocs build --strict --config-file $(EXAMPLE)
	@echo "The example is in example/site/. To read it: make serve-example"
	@echo "To ask it something: ONRECORD_TODAY=$$ONRECORD_TODAY $(VENV)/bin/onrecord --root example waiting maya"

.PHONY: serve-example
serve-example: export ONRECORD_TODAY = 2026-12-09
serve-example: $(READY_SITE)  ## Serve the site of the made-up team.
	@echo "== The example as of $$ONRECORD_TODAY, the day its team lives on"
	$(PY) -m mkdocs serve --dev-addr 127.0.0.1:8000 --config-file $(EXAMPLE)

.PHONY: setup-site
setup-site: $(READY_SITE)

.PHONY: check
check: $(READY_SITE)  ## List every fault of the knowledge base.
	@$(VENV)/bin/onrecord check

##@ For those who change the code

.PHONY: setup
setup: $(READY_TEST) browser  ## Set up all that the checks need.

.PHONY: test
test: setup  ## Run every check; all of them run, even when one fails.
	@failed=; \
	for check in $(CHECKS); do \
	  $(MAKE) --no-print-directory check-$$check || failed="$$failed $$check"; \
	done; \
	echo "== Tests"; \
	ONRECORD_BROWSER="$$(.ci/browser)" ONRECORD_PROMETHEUS="$$(.ci/prometheus)" \
	  $(PY) -m pytest || failed="$$failed tests"; \
	if [ -n "$$failed" ]; then echo "Failed:$$failed"; exit 1; fi

# What no other test needs is set up by this alone: Node's packages, by their hashes, and zizmor.
FORGES := .cache/forges
.PHONY: forges
forges: $(READY_TEST)  ## Run the pipelines of the forges here; needs Node 20, npm and rsync.
	@for tool in node npm rsync; do command -v $$tool >/dev/null || missing="$$missing $$tool"; done; \
	if [ -n "$$missing" ]; then echo "make forges needs:$$missing. Install it, then try again." \
	  "On Debian and Ubuntu: apt-get install$$(echo "$$missing" | sed 's/node/nodejs/')" >&2; exit 1; fi
	@echo "== Setting up what stands in for the forges"
	@mkdir -p $(FORGES) && cp requirements/forges/package*.json requirements/forges/.npmrc $(FORGES)
	@npm ci --prefix $(FORGES) --silent
	@$(PIP) --quiet --require-hashes -r requirements/forges/python.txt
	@echo "== Pipelines of the forges"
	@$(PY) -m pytest .ci/forges

.PHONY: pictures
pictures: setup example  ## Take the README's pictures of the example.
	@$(PY) benchmarks/pictures.py example/site docs/assets/pictures "$$(.ci/browser)"

.PHONY: numbers
numbers: $(READY_TEST)  ## Take the numbers that our roles watch, once a period.
	@$(VENV)/bin/onrecord collect --commands

.PHONY: format
format: $(READY_TEST)  ## Format the code, and fix what can be fixed unasked.
	$(PY) -m ruff check --fix
	$(PY) -m ruff format
	$(VENV)/bin/deno lint --quiet --fix
	$(VENV)/bin/deno fmt --quiet

# One check each; `make check-types` runs one alone.
CHECKS := format lint types contracts records site properdocs

.PHONY: $(addprefix check-,$(CHECKS))
check-format: $(READY_TEST)
	@echo "== Format"
	@$(PY) -m ruff format --check
	@$(VENV)/bin/deno fmt --check
check-lint: $(READY_TEST)
	@echo "== Lint"
	@$(PY) -m ruff check
	@$(VENV)/bin/deno lint
check-types: $(READY_TEST)
	@echo "== Types"
	@$(PY) -m mypy
check-contracts: $(READY_TEST)
	@echo "== Imports run one way"
	@$(VENV)/bin/lint-imports
check-records: $(READY_TEST)
	@echo "== Our own records"
	@$(VENV)/bin/onrecord check
# Not --quiet: it hides the warnings that --strict counts, and the build then passes with them.
check-site: $(READY_TEST)
	@echo "== Strict build"
	@$(PY) -m mkdocs build --strict --site-dir .cache/site-mkdocs
	@$(VENV)/bin/onrecord check --site .cache/site-mkdocs
check-properdocs: $(READY_TEST)
	@echo "== The same site, built by ProperDocs"
	@$(PY) -m properdocs build --strict -f mkdocs.yml --site-dir .cache/site-properdocs
	@$(VENV)/bin/onrecord check --site .cache/site-properdocs

.PHONY: browser
browser:
	@.ci/browser >/dev/null

.PHONY: wheel
wheel: $(READY_TEST)  ## Build the package into dist/, with the list of what it needs (SBOM).
	$(PY) -m build --no-isolation --outdir $(DIST)
	@mkdir -p .cache
	@version=$$($(PY) -c 'import onrecord; print(onrecord.__version__)'); \
	  sed "s/^dynamic = .*/version = \"$$version\"/" pyproject.toml > .cache/sbom.toml; \
	  $(PY) -W ignore -m cyclonedx_py requirements --pyproject .cache/sbom.toml \
	  --mc-type application --output-reproducible -o $(DIST)/onrecord-$$version.cdx.json \
	  $(STARTER)/requirements.lock
	@echo "Both archives and the list of what they need are in $(DIST)/."

.PHONY: release
release: wheel  ## Build a release into dist/, check it, try it, and write its notes.
	@$(PY) .ci/release.py $(DIST) --tag "$(TAG)" $(addprefix --environment ,$(ENVIRONMENT))

# uv comes from PyPI and is used for this alone. `env -u`: what a machine says of mirrors
# must not get into a lock. `make lock UPGRADE=--upgrade` moves every pin to its newest.
LOCK = env -u PIP_FIND_LINKS -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL -u UV_FIND_LINKS \
  $(VENV)/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-header --no-emit-index-url --no-emit-find-links $(UPGRADE) pyproject.toml
# What a team runs to make its own lock; the first one, which `onrecord init` writes, names it.
RELOCK = uv pip compile --universal --generate-hashes requirements.txt -o requirements.lock

.PHONY: lock
lock: $(VENV)/lock/bin/uv  ## Write the locks from pyproject.toml.
	$(LOCK) --extra site --group build --group test --override requirements/test.overrides \
	  -o requirements/test.txt
	$(LOCK) --extra site --group build -c requirements/test.txt -o requirements/site.txt
	$(LOCK) -c requirements/test.txt -o requirements/core.txt
	$(filter-out pyproject.toml,$(LOCK)) --group forges -o requirements/forges/python.txt
	$(filter-out --no-header,$(LOCK)) --extra site -c requirements/test.txt --no-annotate \
	  --custom-compile-command "$(RELOCK)" -o $(STARTER)/requirements.lock

$(VENV)/lock/bin/uv: | $(PY)
	$(PY) -m venv $(VENV)/lock
	$(VENV)/lock/bin/python -m pip --disable-pip-version-check install --quiet uv

.PHONY: clean
clean:  ## Take away all that was made, the set-up included.
	rm -rf $(VENV) site dist .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis \
	  .import_linter_cache

# Setting up. A stamp is written last, so that a set-up cut short begins again.

$(PY):
	@echo "== Making $(VENV)"
	@python=$$(.ci/python) && { "$$python" -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "Python can't make a virtual environment here." \
	    "On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }; }

define install
	@echo "== Installing what requirements/$(1).txt pins (once)"
	@$(PIP) --require-hashes -r requirements/$(1).txt
	@$(PIP) --quiet --no-deps --no-build-isolation --editable .
	@touch $@
endef

$(READY_SITE): requirements/site.txt pyproject.toml | $(PY)
	$(call install,site)

$(READY_TEST): requirements/test.txt pyproject.toml | $(PY)
	$(call install,test)
	@touch $(READY_SITE)  # the test lock holds all that the site's does
