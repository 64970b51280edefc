# The commands. `make paper` and `make test` each do all they need on a fresh machine.
# `STUDY=folder` works in another study.
# Without make: `python3 analysis/make.py paper`, and so on, with the same names.
PYTHON ?= python3

.DEFAULT_GOAL := help
.PHONY: help setup paper status preview cite verify accept reproduce report quick test browser test-slurm faults mutants lint audit lock new clean

help:     ## show this list
	@sed -n 's/^\([a-z-]*\): *## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18
setup:    ## create or repair the environment (.venv)
paper:    ## build everything: data, analyses, figures, the paper in four formats
cite:     ## print how to cite the article, and bring CITATION.cff up to date
quick:    ## check the style and run the quick tests: no build, no browser (a minute)
test:     ## run all tests
browser:  ## install Chromium for the tests of the pages, where there is none
test-slurm: ## solve the multiverse on a cluster that is started and broken for it
faults:   ## kill builds, fill the disk, and see that the next build repairs it (long)
mutants:  ## change modules (ARGS=qca/fit.py) in small ways and see what no test notices
lint:     ## check style of the code and of the workflow
audit:    ## look for known vulnerabilities of the locked packages
verify:   ## rebuild from scratch in a temporary copy, compare, and write a report
accept:   ## record the outputs as the expected ones, after showing what changes
reproduce: ## build under other circumstances and compare every byte
report:   ## write Snakemake's report: graph of the rules, their code, their times
status:   ## say whether the outputs are current, and if not, why
new:      ## lay out another study in STUDY=folder, ready to be built
preview:  ## serve the paper on this machine and rebuild while you edit
clean:    ## delete everything that the build makes (not the environment)
lock:     ## refresh requirements.lock from pyproject.toml

setup paper status preview cite verify accept reproduce report quick test browser test-slurm faults mutants lint audit lock new clean:
	@$(PYTHON) analysis/make.py $@ $(if $(STUDY),--study "$(STUDY)") $(ARGS)
