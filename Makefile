# Every target works on a fresh machine: Node 24 comes with the dependencies, whatever the machine's own Node is.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
# after an `npm ci` by hand: no install script does it (.npmrc)
$(shell [ ! -d node_modules ] || [ -e node_modules/.bin/node ] || node scripts/node/link.cjs >&2)

# how the pod runs: `compose` where a Docker engine answers, else `processes`
POD ?= $(shell docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1 && echo compose || echo processes)
OVERLAY ?= kind
overlays := $(notdir $(wildcard k8s/overlays/*))
benches := $(sort $(patsubst bench/%/bench.ts,%,$(wildcard bench/*/bench.ts)))
BENCH ?= $(benches)
packages := $(filter-out kit,$(notdir $(wildcard packages/*)))
# npm writes this file last, so an interrupted `npm ci` leaves a folder without it
installed := node_modules/.package-lock.json

# $(call known,TARGETS,NAME,WORDS) ends make with one line, before it installs or builds anything, if NAME has another
# value for one of these targets
comma := ,
known = $(if $(filter $1,$(MAKECMDGOALS)),$(if $(filter-out $3,$(or $($2),"")),$(error $2="$($2)": expected one of $(subst $() ,$(comma) ,$3))))
$(call known,up down logs,POD,compose processes)
$(call known,deploy undeploy,OVERLAY,$(overlays))
$(call known,bench,BENCH,$(benches))
$(call known,copy,PACKAGE,$(packages))

.PHONY: help up redis down logs test chaos check format docs build bench images deploy undeploy kind e2e copy release clean

help: ## List the targets
	@grep -E '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# prerequisites by POD: a missing Redis is reported before minutes of installing and building
before_compose := $(installed)
before_processes := redis $(installed) build
ifneq (,$(filter up,$(MAKECMDGOALS)))
up: $(before_$(POD))
endif
up: ## Build and start the whole pod: with Docker Compose, or without Docker as local processes (POD=compose|processes)
	@node scripts/$(if $(filter compose,$(POD)),compose,pod)/up.ts

redis:
	@scripts/pod/redis-server.sh >/dev/null

down: $(installed) ## Stop the pod: web first, then its helpers, Redis last; keep its data
	@node scripts/down.ts

logs: $(installed) ## Follow the logs of all containers, the application's log files and the shipped records
	@if [ -e .pod/state.json ]; then exec node scripts/pod/logs.ts; else exec node scripts/compose/logs.ts; fi

test: $(installed) ## Run every test that this machine can run, and list those left out
	@node scripts/test/test.ts

chaos: $(installed) ## Kill and stop log-shipper while apps rotate logs and sinks of each kind fail in turn, and account for every line: two minutes
	@CHAOS_SECONDS=$${CHAOS_SECONDS:-90} vitest run --project integration packages/log-shipper/test/chaos.it.ts

check: $(installed) ## Format, lint, types, unit tests, option tables, manifests: about a minute, no Docker
	@biome check --error-on-warnings .
	@tsc --noEmit
	@node scripts/docs.ts --check
	@node scripts/build.ts pod-review >/dev/null && node packages/pod-review/dist/pod-review.js --fail-on warning k8s
	@vitest run --project unit

format: $(installed) ## Format, and apply the fixes of the linter
	@biome check --write .

docs: $(installed) ## Write generated texts: option tables, the picture of the pod, lists of packages
	@node scripts/docs.ts
	@node packages/pod-review/scripts/write-docs.ts

build: $(installed) ## Bundle each program into packages/<name>/dist/<name>.js
	@node scripts/build.ts

bench: build ## Compare each data path with a peer (BENCH=wait-for for one)
	@for bench in $(BENCH); do node bench/$$bench/bench.ts || exit 1; done

images: ## Build the images of all containers for this machine
	@docker buildx bake

deploy: $(installed) ## Apply k8s/overlays/$(OVERLAY) to the cluster of CONTEXT=…, or of the current context after a question (YES=1: no question)
	@node scripts/deploy/deploy.ts deploy "$(OVERLAY)"

undeploy: $(installed) ## Delete it, with its namespace and all data
	@node scripts/deploy/deploy.ts undeploy "$(OVERLAY)"

kind: $(installed) ## Create a kind cluster, load the images and deploy, whatever the current context is
	@for tool in kind kubectl; do command -v $$tool >/dev/null || { echo "make kind: $$tool is not installed" >&2; exit 2; }; done
	@$(MAKE) images
	kind get clusters | grep -qx pod-patterns || kind create cluster --name pod-patterns
	docker buildx bake --print 2>/dev/null | node scripts/image-names.ts | xargs kind load docker-image --name pod-patterns
	@$(MAKE) deploy OVERLAY=kind CONTEXT=kind-pod-patterns

e2e: build ## Check the promises of k8s/ on a cluster whose nodes have the images, and print a table: CONTEXT=… as for deploy; CHECK=… for some rows
	@node tests/e2e/e2e.ts

copy: $(installed) ## Copy a pattern as the start of your own: make copy PACKAGE=wait-for TO=../my-wait-for
	@node scripts/copy/copy.ts "$(PACKAGE)" "$(TO)"

release: $(installed) ## Commit and tag a version here, and print how to publish it: make release VERSION=X.Y.Z
	@node scripts/release/release.ts "$(VERSION)"

clean: $(installed) ## Stop the pod; remove its data, its images, and everything built or installed
	@node scripts/down.ts --all
	rm -rf .pod packages/*/dist node_modules

$(installed): package.json package-lock.json
	@echo 'installing the dependencies, Node 24 among them (npm ci): about a minute'
	@since=$$(date +%s); npm ci --no-audit --no-fund --loglevel=error && \
	  node scripts/node/link.cjs && \
	  touch $@ && echo "installed in $$(($$(date +%s) - since)) s"
