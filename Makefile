# Every target sets itself up: Python 3.11+ and make are enough.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
export PORT
export PYTHONDONTWRITEBYTECODE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help install run serve test check bench lock clean

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
	$(BIN)/pytest

check: install ## 書き方・型・部屋の向きを調べる
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/flask kb check

bench: install ## 速さを測って印字する
	$(BIN)/python -m tests.bench

lock: install ## 依存の固定ファイルを作り直す（uv を使う）
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet --extra dev pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet --extra semantic pyproject.toml -c requirements.lock -o requirements-semantic.lock

clean: ## 作ったものを消す
	rm -rf .venv instance .pytest_cache .mypy_cache .ruff_cache .hypothesis
