# The tools of the environment that is active, or of .venv where there is one.
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: check lint test test-slow test-exhaustive docs dist

check: lint test test-slow

lint:
	ruff check
	ruff format --check
	mypy
	lint-imports

test:
	pytest -q

test-slow:
	pytest -q -m "slow and not exhaustive"

test-exhaustive:
	pytest -q -m exhaustive

docs:
	python -m tests.executor.constructs
	python -m tests.docs.tables
	python -m tests.docs.site

dist:
	python -m build
