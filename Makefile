# Deep Learning from the Basics. `make` alone lists what can be done.
#
# Every step leaves a stamp, a file whose age says when it last succeeded, so that
# a second call does only what changed.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.SUFFIXES:

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
JOBS ?= 2
NB ?=
BENCH ?=
MATRIX ?=
SITE_URL ?=
REPOSITORY ?=
PYODIDE ?= https://cdn.jsdelivr.net/pyodide/v0.27.7/full/

PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check
PYTEST := $(PY) -m pytest --numprocesses $(JOBS) --durations 10

# The same bytes of the package whenever it is packed.
export SOURCE_DATE_EPOCH ?= 315532800

# The same numbers on every machine: one BLAS thread, the kernel of this virtual
# environment, and no settings from anybody's home directory.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
export JUPYTER_PREFER_ENV_PATH := 1
export IPYTHONDIR := $(abspath $(VENV))/var/ipython
export MPLCONFIGDIR := $(abspath $(VENV))/var/matplotlib
unexport MPLBACKEND

# OpenBLAS may take a kernel for registers half as wide on AMD's family 26
# (docs/decisions/0021-wide-kernel.md). Whoever names a kernel gets it.
CPUINFO := /proc/cpuinfo
ifeq ($(shell awk '/^vendor_id.*AMD/ {a = 1} /^cpu family.*: 26$$/ {f = 1} \
  /^flags.* avx512vl/ {v = 1} END {print a f v}' $(CPUINFO) 2>/dev/null),111)
export OPENBLAS_CORETYPE ?= SkylakeX
endif

# Where the book is published and where its sources are (book/_ext/dlb_site): https://…
export SITE_URL REPOSITORY

INSTALLED := $(VENV)/.installed
BENCHED := $(VENV)/.benched
BAKED := _build/.baked
BUILT := _build/.built
SETTINGS := _build/.settings
PRINTED := _build/pdf/deep-learning-from-the-basics.pdf
LITE := $(VENV)/lite
LITE_INSTALLED := $(LITE)/.installed
LITE_BUILT := _build/html/lite/.built
LITE_PYODIDE := _build/.pyodide
NBVAL := --nbval --nbval-current-env --nbval-cell-timeout=120 \
  --nbval-sanitize-with=tests/nbval.cfg --dist loadscope -p tests.notebook_time

SOURCES := $(shell find src -type f -not -path '*/__pycache__/*')
PAGES := $(shell find book notebooks -type f -not -path '*/__pycache__/*' \
  -not -path '*/.ipynb_checkpoints/*') _config.yml _toc.yml

# ---------------------------------------------------------------------------- read
.PHONY: help
help: ## list the targets
	@echo "Deep Learning from the Basics"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "Settings, as in \`make serve PORT=8001\`: PYTHON=$(PYTHON) PORT=$(PORT)" \
	  "JOBS=$(JOBS) NB=notebooks/…"

.PHONY: book
book: $(BUILT) ## build the book into _build/html
	@echo
	@echo "The book is built. Open it in a browser:"
	@echo "  file://$(CURDIR)/_build/html/index.html"
	@echo "or serve it with \`make serve\`, which makes the search work as well."

.PHONY: serve
serve: book ## build the book and serve it on this machine (PORT=8000)
	@$(PY) scripts/serve.py --port $(PORT)

.PHONY: lite
lite: book $(LITE_BUILT) ## let readers run chapters in their browser (PYODIDE=folder)
	@echo
	@echo "Every chapter has a button that runs it. Serve the book to try: make serve"

.PHONY: lab
lab: $(INSTALLED) ## open the notebooks in JupyterLab
	@$(PY) scripts/lab.py $(LABFLAGS)

.PHONY: pdf
pdf: $(PRINTED) ## print the whole book into one PDF (needs a Chromium)
	@echo "  file://$(CURDIR)/$(PRINTED)"

.PHONY: dist
dist: book ## pack the book, the notebooks and the package into one file (dist/)
	@echo "==> Package"
	@rm -rf _build/wheel
	$(PIP) wheel --quiet --no-deps --wheel-dir _build/wheel .
	@$(PY) scripts/make_dist.py --wheel _build/wheel

# --------------------------------------------------------------------------- prove
.PHONY: test
test: lint test-unit test-notebooks test-site ## prove everything: all tests below

.PHONY: lint
lint: $(INSTALLED) ## check style and spelling
	@echo "==> Style and spelling"
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m codespell_lib

.PHONY: test-unit
test-unit: $(INSTALLED) ## test the package, the scripts and the chapters' contract
	@echo "==> Unit tests"
	$(PYTEST) -m "not browser and not lite" tests

.PHONY: test-notebooks
test-notebooks: $(INSTALLED) ## run every notebook and compare with its stored outputs
	@echo "==> Notebooks"
	$(PYTEST) $(NBVAL) notebooks

.PHONY: test-site
test-site: book ## open every page of the built book in a browser
	@echo "==> The site in a browser"
	$(PYTEST) -m browser tests/site

.PHONY: lighthouse
lighthouse: book ## ask Lighthouse about every chapter (needs Node.js and a Chromium)
	@$(PY) scripts/lighthouse.py

.PHONY: valid
valid: book ## ask W3C's checker about every page (needs Node.js and Java)
	@$(PY) scripts/check_html.py

.PHONY: coverage
coverage: $(INSTALLED) ## measure which lines and branches of src the tests reach
	@mkdir -p _build/coverage && $(PY) -m coverage erase
	$(PY) -m coverage run -m pytest --numprocesses $(JOBS) -m "not browser and not lite" tests
	@$(PY) -m coverage combine --quiet
	@$(PY) -m coverage report

.PHONY: mutants
mutants: $(INSTALLED) ## break the package in many ways; the tests must notice each
	@PYTHONPATH=scripts $(PY) -m mutants --jobs $(JOBS)

.PHONY: matrix
matrix: $(INSTALLED) ## run the notebooks as other machines would (MATRIX="--threads 1")
	@$(PY) scripts/matrix.py $(NB) --jobs $(JOBS) $(MATRIX)

.PHONY: test-lite
test-lite: PYODIDE = _build/pyodide
test-lite: _build/pyodide/pyodide.js lite ## run every chapter in a browser's Python
	@echo "==> The chapters in a browser's Python"
	$(PYTEST) -m lite tests/lite

.PHONY: bench
bench: $(BENCHED) ## compare speed with PyTorch and a textbook version (BENCH="--only conv")
	@OPENBLAS_NUM_THREADS=2 OMP_NUM_THREADS=2 $(PY) -m benchmarks.speed $(BENCH)

.PHONY: bench-explorers
bench-explorers: $(INSTALLED) ## measure how long explorers take to answer in a kernel
	@$(PY) -m benchmarks.explorers $(BENCH)

.PHONY: bench-record
bench-record: $(BENCHED) ## record those times for the appendix, half an hour
	env -u OPENBLAS_CORETYPE OPENBLAS_NUM_THREADS=2 OMP_NUM_THREADS=2 \
	  $(PY) -m benchmarks.record $(BENCH)

# --------------------------------------------------------------------------- write
.PHONY: execute
execute: $(INSTALLED) ## run the notebooks and store their outputs (NB=one of them)
	$(PY) scripts/execute_notebooks.py $(NB)

.PHONY: format
format: $(INSTALLED) ## put code and notebooks into the common format
	$(PY) -m ruff check --fix-only .
	$(PY) -m ruff format .

.PHONY: colab
colab: $(INSTALLED) ## let Colab install the package (REPOSITORY=https://…; none: not)
	@$(PY) scripts/colab_cells.py --repository "$(REPOSITORY)"

.PHONY: hooks
hooks: $(INSTALLED) ## run lint before every commit from now on
	$(PIP) install --constraint constraints.txt --quiet pre-commit
	$(VENV)/bin/pre-commit install

.PHONY: clean
clean: ## remove what was built
	rm -rf _build

.PHONY: distclean
distclean: clean ## remove what was built and the virtual environment
	rm -rf $(VENV)

# -------------------------------------------------------------------------- stamps
FORCE:
$(INSTALLED): requirements.txt constraints.txt pyproject.toml
	@$(PYTHON) scripts/check_python.py
	@echo "==> Virtual environment $(VENV), about 130 packages"
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --constraint constraints.txt --requirement requirements.txt
	@# Matplotlib lists the fonts once. Now, or a notebook would print that it does.
	@$(PY) -c "import matplotlib.font_manager"
	@touch $@

$(BENCHED): $(INSTALLED)
	@echo "==> PyTorch, to compare with"
	$(PIP) install --constraint constraints.txt --editable ".[bench]"
	@touch $@

$(BAKED): $(INSTALLED) $(SOURCES)
	@echo "==> Explorers: every state of every figure"
	@mkdir -p _build && touch $@.start
	$(PY) -m dlbasics.explorers bake --out _build/explorers
	@mv $@.start $@

$(PRINTED): $(BUILT) scripts/make_pdf.py
	@echo "==> PDF, some minutes"
	@$(PY) scripts/make_pdf.py $@

# Other settings make another site.
$(SETTINGS): FORCE
	@mkdir -p $(@D)
	@echo '$(SITE_URL) $(REPOSITORY)' | cmp -s - $@ \
	  || echo '$(SITE_URL) $(REPOSITORY)' > $@

# A page that left the table of contents must leave the site, and a warning must
# come back at the next call: Sphinx shows it only when it reads the page anew. It copies
# no style or script unless a page has changed, so after a change to those all pages are
# written. It would also put the year of SOURCE_DATE_EPOCH into the copyright.
$(BUILT): $(BAKED) $(SETTINGS) $(PAGES)
	@echo "==> Site"
	@if test _toc.yml -nt $@; then rm -rf _build/html; fi
	@touch $@.start
	all=$$(find book/_* -newer $@ -print -quit 2>/dev/null); \
	env -u SOURCE_DATE_EPOCH $(VENV)/bin/jupyter-book build . -W -n --keep-going \
	  $${all:+--all} \
	  || { rm -rf _build/.doctrees; exit 1; }
	@mv $@.start $@

$(LITE_INSTALLED): lite/requirements.txt constraints.txt $(INSTALLED)
	@echo "==> Virtual environment $(LITE), to build JupyterLite"
	$(PY) -m venv $(LITE)
	$(LITE)/bin/python -m pip --disable-pip-version-check install --quiet \
	  --constraint constraints.txt --requirement lite/requirements.txt
	@touch $@

# A file that changes when PYODIDE does.
$(LITE_PYODIDE): FORCE
	@mkdir -p _build
	@echo "$(PYODIDE)" | cmp --silent - $@ || echo "$(PYODIDE)" > $@

$(LITE_BUILT): $(LITE_INSTALLED) $(LITE_PYODIDE) $(SOURCES) pyproject.toml \
  scripts/build_lite.py $(wildcard lite/*) $(wildcard notebooks/*.ipynb)
	@echo "==> JupyterLite, with Pyodide from $(PYODIDE)"
	$(LITE)/bin/python scripts/build_lite.py --pyodide "$(PYODIDE)"

_build/pyodide/pyodide.js: $(INSTALLED)
	$(PY) scripts/fetch_pyodide.py _build/pyodide
