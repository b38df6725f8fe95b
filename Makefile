# Python 3.11 or newer, git and make are needed; everything else comes as packages.
PYTHON ?= python3
.DEFAULT_GOAL := help
.PHONY: help run test prepare reset doctor bench timescale

help: ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 12

run: ## start Truenav with its demo, and print the address
	@$(PYTHON) tools/bootstrap.py run

test: ## run every check; the last line is the sum
	@$(PYTHON) tools/bootstrap.py test $(LANES)

prepare: ## install everything needed for development
	@$(PYTHON) tools/bootstrap.py prepare

reset: ## delete this installation's data
	@$(PYTHON) tools/bootstrap.py run reset --yes

doctor: ## which binaries and versions run, ports, disk, roles
	@$(PYTHON) tools/bootstrap.py run doctor

bench: ## measure, as ratios against named peers and limits
	@$(PYTHON) tools/bootstrap.py prepare
	@for script in bench/*.py; do echo; echo "== $$script"; .venv/bin/python $$script || exit 1; done

timescale: ## prove the TimescaleDB branch (installs a development server from npm, 43 MB)
	@$(PYTHON) tools/bootstrap.py prepare
	@.venv/bin/python tools/timescale_lane.py
