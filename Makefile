# Every target sets itself up: Python 3.11+ and make are enough.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
export PORT
export PYTHONDONTWRITEBYTECODE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Two threads of arithmetic spin against each other; the bot sets the same for itself.
export OPENBLAS_NUM_THREADS := 1

# What keeps or reads records, without the tests that try both stores by themselves.
STORE_TESTS := tests/bot tests/knowledge/records tests/handlers/staff --ignore=tests/bot/simulator \
	--ignore=tests/knowledge/records/test_migrations.py \
	--ignore=tests/knowledge/records/test_copying.py \
	--ignore=tests/knowledge/records/test_store.py
# A test's bot leaves its connections to the garbage collector.
STORE_WARNINGS := -W "ignore:<knowledge.records.postgres:ResourceWarning" \
	-W "ignore:unclosed <socket:ResourceWarning"

# Many tests wait, so three processes of them keep two cores at work, each with whole files; in the
# order of their names, as a file of few long tests must not come last.
SIDE_BY_SIDE := -n 3 --dist loadfile --no-loadscope-reorder

.PHONY: help install run serve test stores faults check audit sbom bench lock clean

help: ## この一覧を出す
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/'

install: .venv/installed ## 必要なものを .venv に入れる（ハッシュで確かめる）

.venv/installed: requirements-dev.lock requirements-semantic.lock
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --require-hashes -r requirements-semantic.lock \
		|| echo "文の意味で探す部品は入りませんでした。言葉と読みで探します。"
	touch $@

run: install ## この機械で試す（LINEの代わりの画面つき）
	@echo "準備ができたら、ブラウザで http://127.0.0.1:$(PORT)/simulator/ を開いてください（終わるには Ctrl-C）"
	@env -u LINE_CHANNEL_SECRET -u LINE_CHANNEL_ACCESS_TOKEN $(BIN)/flask run-local

serve: install ## 本番の受付を始める
	@exec $(BIN)/flask serve

test: install ## 試験をすべて行う
	$(BIN)/pytest $(SIDE_BY_SIDE)

stores: install ## 記録にふれる試験を、PostgreSQLとRedisの上で行う
	BOT_TEST_STORE=postgresql BOT_TEST_QUEUE=redis $(BIN)/pytest $(SIDE_BY_SIDE) $(STORE_WARNINGS) $(STORE_TESTS)

faults: install ## 落とす・ふさぐ・切るなどの長い試験を行い、失った数・二重の数を表にする
	$(BIN)/pytest -n 2 --dist load --maxschedchunk 1 -m faults tests/faults

check: install ## 書き方・型・部屋の向きを調べる
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/flask kb check

audit: install ## 依存に知られた弱点がないか調べる（調べられないときは、そう示す）
	$(BIN)/python -m tests.security.audit

sbom: install ## 使っているものの一覧を instance/sbom.json に書く
	@mkdir -p instance
	$(BIN)/cyclonedx-py requirements --output-reproducible --output-format JSON --output-file instance/sbom.json requirements.lock

bench: install ## 速さを測って印字する
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench_load
	$(BIN)/python -m tests.bench_staff
	$(BIN)/python -m tests.bench_growth

lock: install ## 依存の固定ファイルを作り直す（uv を使う）
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet --extra dev pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet --extra semantic pyproject.toml -c requirements.lock -o requirements-semantic.lock

clean: ## 作ったものを消す
	rm -rf .venv instance .pytest_cache .mypy_cache .ruff_cache .hypothesis
