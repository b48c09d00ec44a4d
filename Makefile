# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

.PHONY: help setup demo test lint format wheel bench faults
.DEFAULT_GOAL := help

PYTHON ?= python3
# The command takes the place of the shell, so that a SIGTERM to `make` reaches it; of a `make` that is killed the kernel tells it.
WITH_MAKE = $(shell setpriv --pdeathsig TERM true 2>/dev/null && echo setpriv --pdeathsig TERM)
SETUP = command -v $(PYTHON) >/dev/null || { echo "arengo: manca Python 3.11 o più recente: installarlo (su Debian e Ubuntu: «sudo apt install python3 python3-venv») e ripetere" >&2; exit 1; }; exec $(WITH_MAKE) $(PYTHON) tools/setup.py

help:
	@echo "make demo     la dimostrazione: tutto in funzione, con un Comune e telefoni di prova"
	@echo "make setup    prepara ambiente, librerie e pagine"
	@echo "make test     tutte le prove"
	@echo "make lint     tutti i controlli del codice"
	@echo "make format   mette in ordine il codice"
	@echo "make wheel    costruisce in dist/ il pacchetto da installare senza Node"
	@echo "make bench    misura invii e ricezione accanto ad altri (25 minuti; ROWS=\"fanout.durable --quick\" per una parte)"
	@echo "make faults   interrompe processi, banca dati e rete durante gli invii, e conta (un'ora; SWEEPS=\"worker web\" per una parte)"

setup:
	@$(SETUP) base

demo:
	@$(SETUP) base -- .venv/bin/python -m arengo demo

test:
	@$(SETUP) dev -- .venv/bin/python tools/check.py test

lint:
	@$(SETUP) dev -- .venv/bin/python tools/check.py lint

format:
	@$(SETUP) dev -- .venv/bin/python tools/check.py format

wheel:
	@$(SETUP) dev -- .venv/bin/python tools/wheel.py

bench:
	@$(SETUP) bench -- .venv/bin/python -m bench $(ROWS)

faults:
	@$(SETUP) dev -- .venv/bin/python -m faults $(SWEEPS)
