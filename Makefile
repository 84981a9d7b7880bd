.DEFAULT_GOAL := help
.PHONY: help run demo where test stress bench lint fix migration upgrade translations pictures pins sbom clean
flask = .venv/bin/flask --app wsgi

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-13s %s\n", $$1, $$2}'

run: ## install what is missing and start the program on http://127.0.0.1:5000
	@tools/setup.sh
	@tools/serve.sh

demo: ## the same with invented talks and cooperations in a database of their own
	@tools/setup.sh
	@tools/serve.sh demo

where: ## say what each file is for: make where, make where word=seat
	@python3 tools/where.py $(word)

test: ## lint, types and the whole suite on SQLite, PostgreSQL and in a browser
	@tools/test.sh

stress: ## the slow tests of speed, load and races
	@tools/test.sh stress

bench: ## measure pages, reports, lists, start and load beside their yardsticks, on both databases
	@tools/bench.sh

lint: ## ruff, djlint and mypy
	@tools/setup.sh dev
	@tools/lint.sh

fix: ## let ruff repair and format the code
	@tools/setup.sh dev
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

migration: ## write a migration from the models: make migration name=consultation_channel
	@test -n "$(name)" || { echo "Which name? make migration name=consultation_channel"; exit 1; }
	@tools/setup.sh
	@$(flask) db upgrade
	@$(flask) db migrate -m "$(name)"

upgrade: ## bring the database to the newest migration
	@tools/setup.sh
	@$(flask) db upgrade

translations: ## collect new texts into the catalogues
	@tools/setup.sh
	@tools/translations.sh

pictures: ## take the pictures of the README and of the help from a throw-away demo
	@tools/setup.sh dev
	@.venv/bin/python tools/pictures.py

pins: ## pin the packages that requirements.in and requirements-dev.in name
	@tools/setup.sh
	@tools/pins.sh

sbom: ## write the bill of materials to sbom.cdx.json, from wheels fetched into dist/wheels
	@tools/setup.sh dev
	@tools/wheelhouse.sh dist/wheels
	@.venv/bin/python tools/sbom.py dist/wheels

clean: ## remove everything that can be made again; instance/ stays
	@rm -rf .venv crm/static/dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@find crm -name '*.mo' -delete
