# From a fresh clone this needs make and Python 3.11 or newer, nothing else. It works with the make of macOS (3.81).

VENV ?= .venv

# What the environment or a personal pip.conf says about other projects; mirrors and proxies stay as they are.
unexport PIP_PREFIX PIP_REQUIRE_VIRTUALENV PIP_TARGET PYTHONHOME PYTHONPATH
export PIP_USER := 0
# Where no bytecode is kept, each of the processes that the tests start compiles the same modules again.
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help: ## List what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

call: $(VENV)/.emulator $(if $(findstring --sound,$(ARGS)),$(VENV)/.speech) ## Call the application, or HANDLER=module:function
	@$(VENV)/bin/offhook call $(if $(HANDLER),--handler '$(HANDLER)') $(ARGS)

phone: $(VENV)/.speech ## Pick up a phone in the browser; PORT=4060, ARGS="--no-open"
	@$(VENV)/bin/offhook phone $(if $(PORT),--port $(PORT)) $(if $(HANDLER),--handler '$(HANDLER)') $(ARGS)

routes: $(VENV)/.emulator ## List which function answers which event
	@$(VENV)/bin/offhook routes $(if $(HANDLER),--handler '$(HANDLER)') $(ARGS)

# The commands that these two print are about a call of the reminder flow.
CALL = --from +15550100102 --argument name=Ada --argument 'when=tomorrow at ten'

serve: $(VENV)/.serve ## Serve the API for boto3, the AWS CLI, any SDK; PORT=4060
	@$(VENV)/bin/offhook serve $(if $(PORT),--port $(PORT)) $(if $(HANDLER),--handler '$(HANDLER)',$(CALL)) $(ARGS)

local: $(VENV)/.local ## Serve the API, the trigger, its queue and ledger; PORT=4060
	@$(VENV)/bin/offhook local $(if $(PORT),--port $(PORT)) $(if $(HANDLER),--handler '$(HANDLER)',$(CALL) \
	  --update 'when=tomorrow at noon') $(ARGS)

explore: $(VENV)/.emulator ## Play every call there can be, say what to mend; ARGS=--all
	@$(VENV)/bin/offhook explore $(if $(HANDLER),--handler '$(HANDLER)') $(ARGS)

doctor: $(VENV)/.serve ## Read your AWS account, and say why LINE=+1... does not ring
	@$(VENV)/bin/offhook doctor $(if $(LINE),'$(LINE)') $(ARGS)

# All of them on all cores, each file in one process; a choice of them at once, in one process.
test: $(VENV)/.dev ## Run the tests; ARGS='-k menu' goes to pytest
	@$(VENV)/bin/python -m pytest -q $(or $(ARGS),-n auto --dist loadfile --no-loadscope-reorder)

schedules: $(VENV)/.dev ## Start calls while everything goes wrong; SCHEDULES=10000
	@SCHEDULES=$(or $(SCHEDULES),10000) CALLEES=$(or $(CALLEES),60) $(VENV)/bin/python -m pytest -q -o faulthandler_timeout=10800 tests/schedules $(ARGS)

calibrations: $(VENV)/.dev ## Find hidden settings in the calls of an emulator; N=50
	@CALIBRATIONS=$(or $(N),50) $(VENV)/bin/python -m pytest -q -m '' tests/production/logs/test_calibrated.py $(ARGS)

check: $(VENV)/.check $(VENV)/.lambda $(VENV)/.speech .venv-sam/.sam .venv-clients/.clients ## Check style, types, imports; build what ships, and run it
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/basedpyright
	$(VENV)/bin/lint-imports
	$(VENV)/bin/offhook explore --all $(if $(shell git rev-parse -q --verify HEAD~1),--after HEAD~1)
	$(MAKE) site
	$(VENV)/bin/python -m pytest -q tests/browser
	EVENTS=200000 $(VENV)/bin/python -m pytest -q tests/handler/test_whatever_comes.py
	$(VENV)/bin/python -m pytest -q -m thorough
	EXAMPLES=200 $(VENV)/bin/python -m pytest -q -m hypothesis -n auto --dist loadfile --no-loadscope-reorder
	for each in template.yaml templates/*.yaml; do $(SAM) validate --lint -t $$each || exit 1; done
	$(SAM) build
	$(SAM) build --config-env calling-out
	@$(MAKE) in-docker
	$(VENV)/bin/python -m pytest -q tests/deploy
	$(VENV)/bin/python -m pytest -q tests/clients

pictures: $(VENV)/.check $(VENV)/.speech ## Take the pictures of the docs anew, in Chromium
	@$(VENV)/bin/python -m docs.pictures

browser: $(VENV)/.check $(VENV)/.speech ## Try the pages in Chromium: what is heard, said, and seen
	@$(VENV)/bin/python -m pytest -q tests/browser $(ARGS)

# In Lambda's own image, once all is built, with keys that open nothing. `sam local invoke` ends with 0 whatever comes of the
# function: what counts is what is answered. (A failure quotes its quotes.)
in-docker:
	@docker info > /dev/null 2>&1 || { \
	  echo "sam local invoke: not run, no Docker answers here. The runtime emulator answers all events: tests/deploy"; exit 0; }; \
	for each in $(ONE_OF_EACH); do \
	  said=`env -u AWS_PROFILE -u AWS_SESSION_TOKEN AWS_ACCESS_KEY_ID=desk AWS_SECRET_ACCESS_KEY=desk \
	    $(SAM) local invoke -e $$each CallFunction 2>&1`; \
	  case $$?:$$said in \
	    0:*'{"SchemaVersion"'*) echo "$$each is answered in Lambda's image" ;; \
	    *) echo "sam local invoke -e $$each CallFunction is not answered: $$said" >&2; exit 1 ;; \
	  esac; \
	done

# An event of each kind that a call has.
ONE_OF_EACH = $(foreach kind,$(filter-out events/trigger/,$(wildcard events/*/)),$(firstword $(wildcard $(kind)*.json)))

clients: $(VENV)/.dev .venv-clients/.clients ## Try clients of others: AWS CLI, SDKs, CDK, schemathesis
	@$(VENV)/bin/python -m pytest -q tests/clients

fidelity: $(VENV)/.dev .venv-clients/.clients ## Show what is known of the service, and the share that holds
	@$(VENV)/bin/python -m tests.fidelity $(or $(ARGS),-n auto --dist loadfile)

format: $(VENV)/.check ## Format the code and mend what ruff can mend
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

bench: $(VENV)/.dev ## Measure what we claim about speed
	@$(VENV)/bin/python -m benchmarks $(ARGS)

docs: $(VENV)/.serve ## Write the docs that are made from the code
	@$(VENV)/bin/python -m docs.generate

# What a page shows of the package is read from the code: `make docs` first, where a test says that a page is stale.
site: .venv-site/.site ## Write the site, to be read without a network: build/site
	@NO_MKDOCS_2_WARNING=1 .venv-site/bin/mkdocs build --strict
	@echo "Open build/site/index.html"

release: $(VENV)/.dev ## Build wheel and sdist into dist/, and try each by itself
	@rm -rf dist
	@$(VENV)/bin/python -m hatchling build -d dist
	@DIST=dist $(VENV)/bin/python -m pytest -q tests/deploy/test_release.py

invoke: $(VENV)/.lambda .venv-sam/.sam ## Run EVENT=events/... through AWS's own runtime emulator
	@$(VENV)/bin/offhook invoke '$(or $(EVENT),events/new_inbound_call/minimal.json)' $(if $(HANDLER),--handler '$(HANDLER)') $(ARGS)

# Called by `sam build`, in this folder: exactly what ships.
build-CallFunction: $(VENV)/.lambda
	@cp -R flows "$(ARTIFACTS_DIR)/"
	$(call SHIP,--require-hashes -r requirements/runtime.txt,$(OURS))

build-TriggerFunction: $(VENV)/.lambda
	$(call SHIP,--require-hashes -r requirements/trigger.txt,$(OURS))

# Of a nested template. It needs nothing but boto3, which is in Lambda's runtime.
build-ProvisioningFunction:
	@mkdir -p "$(ARTIFACTS_DIR)/offhook"
	@cp -R handler/offhook/provisioning "$(ARTIFACTS_DIR)/offhook/"
	@find "$(ARTIFACTS_DIR)" -name __pycache__ -type d -prune -exec rm -rf {} +

include ship.mk
OURS = actions/offhook/actions handler/offhook/handler

LOCK = $(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command 'make lock' $(ARGS)

# boto3 and its own are in Lambda's runtime, in a version that knows chime-sdk-voice; they would be 23 MB of the trigger.
LAMBDA_HAS = boto3 botocore python-dateutil s3transfer six urllib3

lock: $(VENV)/.lambda ## Pin the dependencies; ARGS=--upgrade takes the newest
	$(LOCK) -o requirements/runtime.txt pyproject.toml
	$(LOCK) -o requirements/trigger.txt pyproject.toml -c requirements/runtime.txt --extra trigger $(LAMBDA_HAS:%=--no-emit-package %)
	$(LOCK) -o requirements/emulator.txt pyproject.toml -c requirements/runtime.txt --extra emulator --group build
	$(LOCK) -o requirements/serve.txt pyproject.toml -c requirements/emulator.txt -c requirements/trigger.txt --extra serve
	$(LOCK) -o requirements/speech.txt pyproject.toml -c requirements/serve.txt --extra serve --extra speech
	$(LOCK) -o requirements/local.txt pyproject.toml -c requirements/serve.txt -c requirements/trigger.txt --extra local
	$(LOCK) -o requirements/dev.txt pyproject.toml -c requirements/local.txt -c requirements/serve.txt -c requirements/trigger.txt -c requirements/emulator.txt --extra serve --extra trigger --group dev
	$(LOCK) -o requirements/check.txt -c requirements/dev.txt --group check
	$(LOCK) -o requirements/lambda.txt -c requirements/dev.txt --group lambda
	$(LOCK) -o requirements/sam.txt --group sam
	$(LOCK) -o requirements/clients.txt --group clients
	$(LOCK) -o requirements/site.txt --group site
	for each in clients dynamodb; do npm install --silent --package-lock-only --ignore-scripts --no-fund --no-audit \
	  --omit-lockfile-registry-resolved --prefix requirements/$$each; done

clean: ## Remove what make and the tools made
	rm -rf .venv .venv-* .aws-sam build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help in-docker site release pictures browser phone clients doctor explore fidelity build-CallFunction build-ProvisioningFunction build-TriggerFunction invoke call routes serve local test schedules calibrations check format bench docs lock clean

# The environment: each stamp adds to the one before, so that a call never waits for the test tools.
# When the interpreter behind it is gone, it is made anew.

SAM = SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=us-east-1 .venv-sam/bin/sam
PIP = $(VENV)/bin/python -m pip -qq install
OR_SAY = || { echo "pip could not install $<: is its package index within reach from here?" >&2; exit 1; }
STAMPS = $(VENV)/.emulator $(VENV)/.dev $(VENV)/.check $(VENV)/.lambda $(VENV)/.serve $(VENV)/.local $(VENV)/.speech

$(shell test -x $(VENV)/bin/python || rm -f $(STAMPS))

.venv-site/.site: requirements/site.txt $(VENV)/.emulator
	@echo "Setting up the makers of the site in .venv-site (once)..."
	@$(VENV)/bin/python -m venv .venv-site
	@.venv-site/bin/python -m pip -qq install -r $< $(OR_SAY)
	@touch $@

$(VENV)/.check: requirements/check.txt $(VENV)/.dev
	@echo "Adding the checkers to $(VENV)..."
	@$(PIP) -r $< $(OR_SAY)
	@touch $@

$(VENV)/.lambda: requirements/lambda.txt $(VENV)/.emulator
	@echo "Adding the runtime client to $(VENV)..."
	@$(PIP) -r $< $(OR_SAY)
	@touch $@

.venv-sam/.sam: requirements/sam.txt $(VENV)/.emulator
	@echo "Setting up the SAM CLI in .venv-sam (once, a minute)..."
	@$(VENV)/bin/python -m venv .venv-sam
	@.venv-sam/bin/python -m pip -qq install --no-deps -r $< $(OR_SAY)
	@touch $@

$(VENV)/.serve: requirements/serve.txt $(VENV)/.emulator
	@echo "Adding the server to $(VENV)..."
	@$(PIP) -r $< $(OR_SAY)
	@touch $@

$(VENV)/.speech: requirements/speech.txt $(VENV)/.emulator
	@echo "Adding the server and a voice to $(VENV)..."
	@$(PIP) -r $< $(OR_SAY)
	@touch $@

$(VENV)/.local: requirements/local.txt $(VENV)/.emulator
	@echo "Adding the server, the trigger and its AWS to $(VENV)..."
	@$(PIP) -r $< $(OR_SAY)
	@touch $@

# Strangers' clients: the AWS CLI, capo, schemathesis; where there is Node, both SDKs for JavaScript, the Lambda of a CDK
# library, Lambda's own Node clients, and a Node 24.
.venv-clients/.clients: requirements/clients.txt requirements/clients/package-lock.json $(VENV)/.emulator
	@echo "Setting up the AWS CLI and other clients in .venv-clients (once)..."
	@$(VENV)/bin/python -m venv .venv-clients
	@.venv-clients/bin/python -m pip -qq install -r $< $(OR_SAY)
	@cp requirements/clients/package*.json .venv-clients/
	@if command -v npm >/dev/null; then npm ci --silent --ignore-scripts --no-fund --no-audit \
	  --fetch-timeout=10000 --fetch-retries=0 --prefix .venv-clients || \
	  echo "npm could not install the SDKs for JavaScript and what else requirements/clients has: their tests are skipped. Is a registry within reach from here?"; fi
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.emulator
	@echo "Adding the test tools to $(VENV)..."
	@$(PIP) -r $< $(OR_SAY)
	@touch $@

# After `git pull`, folders that have moved may hold nothing but compiled code, and Python would still import them.
$(VENV)/.emulator: requirements/emulator.txt pyproject.toml $(VENV)/bin/python
	@echo "Adding the emulator to $(VENV)..."
	@$(PIP) -r $< $(OR_SAY)
	@$(PIP) --no-deps --no-build-isolation -e .
	@find actions handler emulator $(wildcard offhook) -name __pycache__ -type d -prune -exec rm -rf {} +
	@find actions handler emulator $(wildcard offhook) -type d -empty -delete
	@touch $@

# Every candidate is run, because a pyenv shim or a macOS stub may be there and not work.
PYTHONS = $(if $(PYTHON),'$(PYTHON:~/%=$(HOME)/%)',python3 python3.13 python3.12 python3.11 python3.14)
PROBE = import sys; print(sys.version.split()[0]); sys.version_info >= (3, 11) or sys.exit(3); import ensurepip, venv

$(VENV)/bin/python:
	@for python in $(PYTHONS); do \
	  version=`"$$python" -c '$(PROBE)' 2>/dev/null`; \
	  case $$?:$$version in \
	    0:*) echo "Setting up $(VENV) (once)..."; exec "$$python" -m venv --clear $(VENV) ;; \
	    1:*) : "$${found:=\`$$python\` has no venv module. On Debian or Ubuntu: apt install $${python##*/}-venv}" ;; \
	    3:*) : "$${found:=\`$$python\` is $$version. $(NAME_ONE)}" ;; \
	  esac; \
	done; \
	echo "Offhook needs Python 3.11 or newer; $${found:-none runs here. $(NAME_ONE)}" >&2; exit 1

NAME_ONE = Install one, or name it: make $(firstword $(MAKECMDGOALS)) PYTHON=/path/to/python3.12

.DELETE_ON_ERROR:
