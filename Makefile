# What a developer types. `make` alone lists the targets.
#
# Only Python 3.11, pip and make need to be there. pip brings uv into .uv/, and uv brings what the
# lock file names into .venv/. uv stays out of .venv/, so that the environment of the service holds
# nothing but the service's own.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
# Processes that run tests side by side.
WORKERS ?= 2
# More for pytest, for example: make quick PYTEST_ARGS='tests/fills -x'
PYTEST_ARGS ?=
# Where bench-lists measures beside SQLite, and bench if not on the server that tests use; and more
# for either, for example: --rounds 30
BENCH_POSTGRESQL ?=
BENCH_ARGS ?=

UV := .uv/bin/uv
OUTSIDE := tests/outside

# The system's certificates count for uv as they do for pip, so that a proxy with its own works.
export UV_SYSTEM_CERTS ?= 1
# The Python that was found is the one that is used; uv would otherwise fetch one of its own.
export UV_PYTHON_DOWNLOADS := never
# An environment that happens to be active is not the one to install into.
unexport VIRTUAL_ENV
# What was compiled is kept. Each of the many processes that tests start would otherwise compile all
# modules, and rewrite all assertions, before its first test.
unexport PYTHONDONTWRITEBYTECODE
unexport UV_PROJECT_ENVIRONMENT

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test quick test-all lint checks openapi exchanges released bench bench-lists clean outside-programs

help: ## list the targets
	@echo "Targets:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) \
		| while IFS='|' read -r name what; do printf '%-12s %s\n' "$$name" "$$what"; done
	@echo "Variables: PORT=$(PORT) HOST=$(HOST) PYTHON=$(PYTHON) WORKERS=$(WORKERS) PYTEST_ARGS='...'"

run: .venv/.ready-to-serve ## set up and start the service with a demo board (PORT=8000)
	@FILLBOARD_LOG_FORMAT="$${FILLBOARD_LOG_FORMAT:-console}" \
		exec .venv/bin/fillboard serve --demo --host $(HOST) --port $(PORT)

test: checks ## lint, types, import contracts, all tests on SQLite and PostgreSQL: a few minutes
	.venv/bin/pytest -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)

# A test that runs on both databases has the database's name in its own.
quick: .venv/.ready-to-test ## lint, types, what is quick of the tests, on SQLite alone: a minute
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/pytest -n $(WORKERS) --dist worksteal -k 'not postgresql' -m 'not thorough' $(PYTEST_ARGS)

test-all: outside-programs .tools/nginx/.ready .venv/.ready-for-outside $(OUTSIDE)/node_modules/.ready ## what test leaves out: a browser, validators, generated clients, Schemathesis
	.venv/bin/pytest $(OUTSIDE) $(PYTEST_ARGS)

lint: checks ## lint, format, types, import contracts
checks: .venv/.ready-to-test
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports

openapi: .venv/.ready-to-serve ## write openapi/openapi.json anew
	@mkdir -p openapi
	.venv/bin/fillboard openapi --output openapi/openapi.json

exchanges: .venv/.ready-to-test ## write openapi/exchanges anew: what was asked of a service, and answered
	.venv/bin/python -m tests.exchanges.recording

released: openapi ## with a release: what is described now is what clients may rely on from here on
	cp openapi/openapi.json openapi/released.json

bench: .venv/.ready-to-test ## what is read and written often, beside bare floors, on both databases; seeds for some minutes at first
	.venv/bin/python -m tests.bench fillboard-data/bench $(BENCH_POSTGRESQL) $(BENCH_ARGS)

bench-lists: .venv/.ready-to-test ## how long lists and searches take with 1,000 and 100,000 prompts (BENCH_POSTGRESQL=url)
	.venv/bin/python -m tests.bench.lists fillboard-data/bench $(BENCH_POSTGRESQL) $(BENCH_ARGS)

clean: ## remove what the targets installed and cached; fillboard-data/ stays
	rm -rf .uv .venv .tools $(OUTSIDE)/node_modules dist
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find app migrations tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Set-up. Each file says that something is there, so that a second run does nothing.

define check_python
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo "Fillboard needs Python 3.11 or later, and \"$(PYTHON)\" is" \
		"$$($(PYTHON) --version 2>/dev/null || echo 'not there')." \
		"Name another one: make PYTHON=python3.12 ..." >&2; exit 1; }
@$(PYTHON) -m pip --version >/dev/null 2>&1 || { \
	echo "Fillboard is set up with pip, and \"$(PYTHON) -m pip\" does not work." >&2; exit 1; }
endef

# The interpreter's own path: what is on the PATH may be a script that chooses one.
sync = $(UV) sync --quiet --frozen --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')"

.uv/bin/uv:
	$(check_python)
	@echo "Installing uv into .uv/ ..."
	@$(PYTHON) -m pip install -q --disable-pip-version-check --root-user-action=ignore \
		--upgrade --target .uv 'uv>=0.13,<0.14'
	@touch $@

.venv/.ready-to-serve: uv.lock pyproject.toml | .uv/bin/uv
	@echo "Installing what the service needs into .venv/ ..."
	@$(sync) --no-dev --inexact
	@touch $@

.venv/.ready-to-test: uv.lock pyproject.toml | .uv/bin/uv
	@echo "Installing what the tests need into .venv/ ..."
	@$(sync)
	@touch $@ .venv/.ready-to-serve

.venv/.ready-for-outside: .venv/.ready-to-test
	@echo "Installing what the outside tests need into .venv/ ..."
	@$(sync) --group outside
	@touch $@

$(OUTSIDE)/node_modules/.ready: $(OUTSIDE)/package-lock.json $(OUTSIDE)/package.json | outside-programs
	@echo "Installing what the outside tests need from npm ..."
	@cd $(OUTSIDE) && npm ci --ignore-scripts --no-progress --loglevel=error
	@touch $@

# nginx is unpacked, not installed: installing it would start a server of its own on this machine.
.tools/nginx/.ready:
	@mkdir -p $(@D)
	@command -v nginx >/dev/null || { \
		echo "Unpacking nginx from Debian into .tools/ ..."; \
		sudo=; test "$$(id -u)" -eq 0 || sudo=sudo; \
		cd $(@D) && { apt-get download -qq nginx 2>/dev/null || { \
			$$sudo apt-get update -qq && apt-get download -qq nginx; }; } \
		&& dpkg -x nginx_*.deb . ; }
	@touch $@

# Debian is asked only for what is missing, and sudo is needed only then, and not by root.
outside-programs:
	@missing=; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v node >/dev/null || missing="$$missing nodejs"; \
	command -v npm >/dev/null || missing="$$missing npm"; \
	test -e /usr/bin/epubcheck || missing="$$missing epubcheck"; \
	test -n "$$missing" || exit 0; \
	command -v apt-get >/dev/null || { \
		echo "Install these first, for there is no apt-get:$$missing" >&2; exit 1; }; \
	echo "Installing from Debian:$$missing ..."; \
	sudo=; test "$$(id -u)" -eq 0 || sudo=sudo; \
	$$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends $$missing >/dev/null
