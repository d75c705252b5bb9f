# What ships to Lambda, for Python 3.13 on arm64: of `sam build`, which calls `build-...` of the Makefile. `offhook new` copies it.

# Lambda's disk is read-only: what is not compiled here is compiled at each start. `uv python find` misses pyenv's.
PYTHON_OF_LAMBDA = $(firstword $(foreach each,python3.13 $(wildcard $(or $(PYENV_ROOT),$(HOME)/.pyenv)/versions/3.13.*/bin/python3.13) \
  $(shell $(VENV)/bin/uv python find --no-python-downloads 3.13 2>/dev/null),$(if $(shell $(each) -c 'import ensurepip; print(1)' 2>/dev/null),$(each))))
python-of-lambda:
	@echo $(PYTHON_OF_LAMBDA)

SLOWER = No Python 3.13 is found here: this ships without bytecode, and each cold start takes about twice as long.

# uv reads no pip.conf and has certificates of its own: it is told what pip is told, by PIP_... and by the files of
# `pip config list`, unless UV_... says otherwise. It trusts what the system trusts, as pip does.
AS_PIP = eval "$$($(VENV)/bin/python -m pip config list | sed -n \
    -e 's/\\n/ /g' -e '/\.find-links=/s/  */,/g' -e "s/=',/='/" \
    -e 's/^[^=]*\.index-url=\(.*\)/: $${UV_DEFAULT_INDEX:=\1}/p' \
    -e 's/^[^=]*\.extra-index-url=\(.*\)/: $${UV_INDEX:=\1}/p' \
    -e 's/^[^=]*\.find-links=\(.*\)/: $${UV_FIND_LINKS:=\1}/p' \
    -e 's/^[^=]*\.trusted-host=\(.*\)/: $${UV_INSECURE_HOST:=\1}/p' \
    -e 's/^[^=]*\.cert=\(.*\)/: $${SSL_CERT_FILE:=\1}/p')"; : $${UV_SYSTEM_CERTS:=true} $${UV_INDEX_STRATEGY:=unsafe-best-match}; \
  export UV_DEFAULT_INDEX UV_INDEX UV_INDEX_STRATEGY UV_FIND_LINKS UV_INSECURE_HOST SSL_CERT_FILE UV_SYSTEM_CERTS
NOT_SHIPPED = Nothing is built: uv could not install what goes along. It has the indexes and certificates of pip config list; \
  UV_DEFAULT_INDEX, UV_INDEX and SSL_CERT_FILE say others.

# $(1): what uv installs; $(2): packages that go into offhook/ beside what it has installed there. Not what works at the
# desk; of phonenumbers, not the names of places and carriers: 20 of its 22 MB, and the modules that read them. `built`
# makes each build new code: SAM publishes a version, which the alias needs to see a changed parameter, for new code only
# (serverless-application-model 3820).
define SHIP
	@echo "Collecting what ships (the first time, a minute)..."
	@$(AS_PIP); $(VENV)/bin/uv pip install -q --no-installer-metadata --no-compile-bytecode --only-binary :all: \
	  --python-platform aarch64-manylinux_2_34 --python-version 3.13 \
	  $(1) --target "$(ARTIFACTS_DIR)" || { echo "$(NOT_SHIPPED)" >&2; exit 1; }
	@mkdir -p "$(ARTIFACTS_DIR)/offhook"
	$(if $(2),@cp -R $(2) "$(ARTIFACTS_DIR)/offhook/")
	@cd "$(ARTIFACTS_DIR)" && rm -rf bin .lock $(HERE_ALONE:%=offhook/%)
	@cd "$(ARTIFACTS_DIR)/phonenumbers" && rm -rf geodata geocoder.py* carrierdata carrier.py*
	@find "$(ARTIFACTS_DIR)" -name __pycache__ -type d -prune -exec rm -rf {} +
	$(if $(PYTHON_OF_LAMBDA),@$(PYTHON_OF_LAMBDA) -m compileall -q -j 0 --invalidation-mode unchecked-hash \
	  -x 'event_handler|data_classes|utilities/parser|pydantic/v1' -s "$(ARTIFACTS_DIR)" -p /var/task "$(ARTIFACTS_DIR)",@echo "$(SLOWER)")
	@date -u +%Y-%m-%dT%H:%M:%SZ > "$(ARTIFACTS_DIR)/built"
endef
HERE_ALONE = command emulator production provisioning

.PHONY: python-of-lambda
