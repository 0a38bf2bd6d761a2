# The tools of the environment that is active, or of .venv where there is one.
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: check lint test dist

check: lint test

lint:
	ruff check
	ruff format --check
	mypy
	lint-imports

test:
	pytest -q

dist:
	python -m build
