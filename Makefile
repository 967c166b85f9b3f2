# 警格 Jingge — everything a person or CI runs. Needs CPython >= 3.11, make and the package
# registries; all else comes into .venv and node_modules, in the versions locked in requirements/
# and package-lock.json.
#
#   make demo                        一条命令看一整天（ARGS="--play --exit" 演完即退）
#   make test                        CI 所跑的全部检查
#   make fix                         自动改格式与可自动改的问题
#   make train | make bench-reading  训练第二读者；读懂的总成绩
#   make train-site SITE=目录        用本所办结的工单再训练它
#   make year                        一年、2000 件、两种数据库，每本账都对（很久；make test 里是四个月）
#   make bundle                      做离线包：不联网的机器装它（docs/deploy.md 第 6 节）
#   make soak                        长时间的故障与乱写测试，至多一小时
#   make bench | make lock | make clean

SHELL   := /bin/sh
VENV    := .venv
BIN     := $(VENV)/bin
PY      := $(BIN)/python
UV      := $(BIN)/uv
ARGS    ?=
SITE    ?=
UPGRADE ?=
# Least coverage in percent, by the fast and the second part: of all, and of bot/domain.
COVER_ALL    ?= 90
COVER_DOMAIN ?= 97

# Tests start hundreds of processes: what Python has compiled it keeps, whatever the machine says.
unexport PYTHONDONTWRITEBYTECODE

say = @printf '\n\033[1m== %s\033[0m\n' "$(1)"
install = $(UV) pip $(1) --quiet --python $(PY) --require-hashes --compile-bytecode \
	--build-constraints requirements/build.txt

# A .venv whose Python has gone is built anew.
$(shell test -x $(PY) || rm -f $(VENV)/.made)

.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: demo test fix year soak bundle clean lock bench bench-reading train train-site install install-dev vendor \
	prepare \
	format lint types contracts site drift fast slow serial coverage

# ---------------------------------------------------------------- what people call

demo: install
	@$(PY) run_bot.py demo $(ARGS)

test: format lint types contracts site drift fast slow coverage serial
	$(call say,全部通过)

fix: install-dev
	@$(PY) -m ruff check --fix . ; $(PY) -m ruff format .

# A whole year of a station in virtual time, on SQLite and PostgreSQL; YEAR_TICKETS=500 for less.
year: install-dev
	@YEAR_TICKETS=$${YEAR_TICKETS:-2000} YEAR_DAYS=$${YEAR_DAYS:-365} YEAR_POSTGRES=1 $(PY) -m pytest tests/year --timeout 14400 $(ARGS)

# Long runs of faults and odd inputs, builds that need the registry: at most an hour in all. What the
# SOAK_* variables make smaller, and what the last run said, stands in docs/soak.md.
soak: prepare
	@$(PYTEST) -m soak -s --timeout 3600 --session-timeout 3600 \
	  -n $(CORES) --maxprocesses 2 --dist worksteal --durations=15 $(ARGS)

# Everything that a machine without a registry needs, into dist/ (some minutes).
bundle: install
	@$(PY) deploy/make_bundle.py

bench: install
	@$(PY) run_bot.py bench $(ARGS)

# The second reader from corpus/ into config/model/ (some minutes); then look at docs/reading.md.
train: install-dev
	@$(PY) -m training $(ARGS)

# One site's own reader: corpus and its confirmed tickets, into SITE (a minute); docs/clerk.md.
train-site: install-dev
	@test -n "$(SITE)" || { echo '用法：make train-site SITE=规则目录 [ARGS=--anyway|--back]' >&2; exit 2; }
	@$(PY) -m training --site "$(SITE)" $(ARGS)

bench-reading: install-dev
	@$(PY) -m bench.reading
	@$(PY) -m bench.reading_parts
	@$(PY) -m bench.attach

clean:
	$(call say,删去安装的包与缓存（不动数据）)
	rm -rf $(VENV) node_modules tests/interop/node_modules static/vendor \
	  .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .counted.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---------------------------------------------------------------- installing

install: $(VENV)/.run vendor
install-dev: $(VENV)/.dev

$(VENV)/.made:
	$(call say,建立 $(VENV))
	@bare=; python=; \
	for candidate in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
	  $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  if $$candidate -c 'import ensurepip, venv' 2>/dev/null; then python=$$candidate; break; fi; \
	  bare=$$candidate; \
	done; \
	if [ -z "$$python" ] && [ -n "$$bare" ]; then \
	  echo "$$bare 缺少 venv/ensurepip。Debian、Ubuntu 请先运行：apt-get install python3-venv" >&2; exit 2; \
	elif [ -z "$$python" ]; then \
	  echo "找不到 Python 3.11 或更新的版本。请先安装，或用 make PYTHON=/路径/python3 指明。" >&2; exit 2; \
	fi; \
	echo "$$($$python --version) ($$(command -v $$python))"; \
	$$python -m venv --clear $(VENV)
	@touch $@

# pip installs only uv, uv the rest: five times faster, and the same on every Python.
$(VENV)/.uv: requirements/uv.txt $(VENV)/.made
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@$(UV) pip uninstall --quiet --python $(PY) setuptools 2>/dev/null || true
	@touch $@

# The official JS-SDK of WeCom for the sidebar page and Apache ECharts for the page of charts, at the
# locked versions. The pages work without them (by copying; by the tables), so a machine that cannot
# reach npm goes on.
vendor: static/vendor/echarts.js

static/vendor/echarts.js: package-lock.json
	@mkdir -p $(@D); PATH="$(CURDIR)/$(BIN):$$PATH"; \
	if npm ci --ignore-scripts --fetch-retries=0 --fetch-timeout=30000 --no-audit --no-fund --silent >/dev/null 2>&1; then \
	  cp node_modules/@wecom/jssdk/dist/wecom.global.prod.js $(@D)/wecom-jssdk.js; \
	  cp node_modules/echarts/dist/echarts.min.js $@; gzip -9kf $@; \
	else echo '没有取到 @wecom/jssdk、echarts：侧边栏页面改用“复制”，图那一页只有表；以后可再运行 make vendor。' >&2; fi

$(VENV)/.run: requirements/run.txt $(VENV)/.uv
	$(call say,安装运行所需的包（版本已锁定）)
	@$(call install,install) -r requirements/run.txt
	@touch $@

# node and npm come from PyPI where the machine has none (or one older than 18).
$(VENV)/.dev: requirements/dev.txt requirements/node.txt $(VENV)/.uv
	$(call say,安装开发所需的包（版本已锁定）)
	@node=requirements/node.txt; \
	if node -e 'process.exit(+process.versions.node.split(".")[0] < 18)' 2>/dev/null \
	  && npm --version >/dev/null 2>&1; then node=; fi; \
	$(call install,sync) requirements/dev.txt $$node
	@touch $@ $(VENV)/.run

lock: $(VENV)/.uv
	$(call say,重算锁定的版本（全部升级：make lock UPGRADE=1）)
	@lock() { $(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	    --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade) "$$@"; }; \
	lock pyproject.toml --group dev -o requirements/dev.txt && \
	lock pyproject.toml -c requirements/dev.txt -o requirements/run.txt && \
	lock --group node -o requirements/node.txt && \
	lock requirements/uv.in -o requirements/uv.txt && \
	lock requirements/bench.in -o requirements/bench.txt && \
	lock requirements/build.in -o requirements/build.txt

# ---------------------------------------------------------------- the steps of `make test`

format: install-dev
	$(call say,格式 ruff format)
	@$(PY) -m ruff format --check .

lint: install-dev
	$(call say,写法 ruff check)
	@$(PY) -m ruff check .

types: install-dev
	$(call say,类型 mypy --strict)
	@$(PY) -m mypy --num-workers auto .

contracts: install-dev
	$(call say,层次 import-linter)
	@$(PY) -c 'from importlinter.cli import lint_imports_command as c; c()'

site: install-dev
	$(call say,样例站点 check)
	@$(PY) run_bot.py check --site config/site

drift: install-dev
	$(call say,表结构与迁移一致)
	@$(PY) run_bot.py migrate --check

prepare: install-dev vendor
	$(call say,测试所需的服务器与浏览器)
	@$(PY) -m tests.servers.prepare

# `serial` tests kill the processes and servers of their file, or count steps where the second part
# counts lines: at the end, a file at a time, and each worker has servers of its own.
# Many of the second part wait (for processes, time-outs, leases): one more worker than cores.
PYTEST   = $(PY) -m pytest
CORES   := $(shell nproc 2>/dev/null || echo 2)
PARALLEL = --maxprocesses 4 --dist worksteal
COUNTING = COUNTED_AS=$(1) $(PYTEST) -p tests.counting

fast: prepare
	$(call say,测试（快的部分）)
	@rm -f .counted.*
	@$(call COUNTING,fast) -m "not slow and not serial and not soak" -n $(CORES) $(PARALLEL) $(ARGS)

slow: prepare
	$(call say,测试（第二部分：业务、数据库、故事、浏览器、互通、训练）)
	@rm -f .counted.slow.*
	@$(call COUNTING,slow) -m "slow and not serial and not soak" \
	  -n $$(($(CORES) + 1)) $(PARALLEL) --timeout 300 $(ARGS)

# pytest's 5 means that there is no such test.
serial: prepare
	$(call say,测试（第三部分：杀进程、断线、重启数据库）)
	@$(PYTEST) -m "serial and not soak" -n $(CORES) --maxprocesses 2 --dist loadfile \
	  --timeout 600 $(ARGS) || [ $$? -eq 5 ]

coverage: install-dev
	$(call say,覆盖率)
	@$(PY) -m tests.counted all=$(COVER_ALL) bot/domain=$(COVER_DOMAIN)
