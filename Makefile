# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
# Start with `make run`. Everything is installed into .venv; remove that folder and it is made anew.

BIN := .venv/bin
PYTHON := $(BIN)/python
# The tests draw into memory: no window flickers, and focus does not depend on a window manager.
PYTEST := QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest
XVFB := xvfb-run -a -s "-screen 0 1280x800x24"
ROW ?=
RUN ?=
BACKEND ?=
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run install test check faults check-network bench eval-search eval-privacy gpu-test package screenshot lint types contracts \
        locale ready clean system-run system-tests

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: system-run .venv/ready  ## open Maru (the first time: install it, a few minutes)
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ] || [ "$$(uname -s)" = Darwin ] || { [ -t 0 ] && [ -t 1 ]; }; \
	then exec $(PYTHON) -m ui; else exec packaging/play_sample.sh; fi

install: system-run  ## build the engine for this computer: BACKEND=cpu, vulkan, cuda, metal or rocm
	@$(FIND_PYTHON) && $$python packaging/set_up.py $(BACKEND)

test: system-tests .venv/ready lint types contracts locale  ## everything that must be green
	$(PYTEST) tests

check: .venv/ready lint types contracts locale  ## the fast part of test, for the inner loop
	$(PYTEST) tests/unit -m "not real_model" -q

faults: system-tests .venv/ready  ## every fault with its full count, and a table of them
	MARU_FAULTS=full $(PYTEST) -p tests.fault_table -m fault tests

check-network: system-tests .venv/ready  ## every test again, watched for internet sockets; ARGS=tests/unit a part
	QT_QPA_PLATFORM=offscreen $(PYTHON) -m tests.check_network $(ARGS)

bench: .venv/ready  ## measure the goals; ROW=G1 measures one
	$(PYTHON) -m tests.benchmarks $(ROW)

eval-search: .venv/ready  ## measure how well passages are found; ARGS="--sample 100" is a quick look
	$(PYTHON) -m tests.benchmarks.eval_search $(ARGS)

eval-privacy: .venv/ready  ## measure how much personal data is found; ARGS="--set FILE" takes your own set
	$(PYTHON) -m tests.benchmarks.eval_privacy $(ARGS)

# Index 0, or llama.cpp passes over devices that compute in software.
gpu-test: .venv/ready  ## test on Vulkan, without a graphics card too (the first time: half an hour)
	$(PYTHON) packaging/gpu_environment.py
	GGML_VK_VISIBLE_DEVICES=$${GGML_VK_VISIBLE_DEVICES:-0} QT_QPA_PLATFORM=offscreen \
	  .venv-gpu/bin/python -m pytest -rs tests/gpu

package: system-tests .venv/ready  ## build the program that needs no Python, and try it
	$(PYTHON) packaging/build.py
	$(PYTHON) packaging/smoke.py

screenshot: system-tests .venv/ready  ## drive the real window and keep pictures; RUN=en-dark drives one
	$(XVFB) $(PYTHON) tests/screenshot/drive.py $(RUN)

clean:  ## remove what was built, not .venv
	rm -rf build dist packaging/build packaging/dist screenshots *.egg-info .mypy_cache .ruff_cache .import_linter_cache

# The parts of test and check.
lint: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: .venv/ready
	$(BIN)/mypy

contracts: .venv/ready
	$(BIN)/lint-imports

locale: .venv/ready
	$(PYTHON) packaging/catalogue.py check

# Set-up: a second run finds the stamp and starts at once.
ready: .venv/ready  ## install everything without starting Maru

system-run:
	@$(FIND_PYTHON) && $$python packaging/system_packages.py run

system-tests:
	@$(FIND_PYTHON) && $$python packaging/system_packages.py tests

.venv/ready: constraints.txt pyproject.toml packaging/starter-models.txt packaging/set_up.py packaging/backends.py \
             | system-run
	@$(FIND_PYTHON) && $$python packaging/set_up.py

define FIND_PYTHON
python=; for name in python3 python3.13 python3.12 python3.11; do \
  if "$$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; \
  then python=$$name; break; fi; done; \
if [ -z "$$python" ]; then echo "Maru needs Python 3.11, 3.12 or 3.13, and none was found. \
Install one (Debian, Ubuntu: apt-get install python3; macOS: python.org or Homebrew), then run make again."; exit 1; fi
endef
