# Every verb works on a fresh machine: Node 24 comes with the dependencies, whatever the machine's own Node is.
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
# npm writes it last: a folder that an interrupted `npm ci` left behind does not have it
installed := node_modules/.package-lock.json

# $(call known,VERBS,NAME,WORDS) ends make with one line, before anything is installed or built, if one of these verbs
# is asked for with another word
comma := ,
known = $(if $(filter $1,$(MAKECMDGOALS)),$(if $(filter-out $3,$(or $($2),"")),$(error $2="$($2)": expected one of $(subst $() ,$(comma) ,$3))))
$(call known,up down logs,POD,compose processes)
$(call known,deploy undeploy,OVERLAY,$(overlays))
$(call known,bench,BENCH,$(benches))
$(call known,copy,PACKAGE,$(packages))

.PHONY: help up redis down logs test chaos check format docs build bench images deploy undeploy kind e2e copy release clean

help: ## Show the verbs
	@grep -E '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# what comes before, by POD: a missing Redis is told before minutes of npm and building
before_compose := $(installed)
before_processes := redis $(installed) build
ifneq (,$(filter up,$(MAKECMDGOALS)))
up: $(before_$(POD))
endif
up: ## Build and start the whole pod: with Docker by compose, without it as local processes (POD=compose|processes)
	@node scripts/$(if $(filter compose,$(POD)),compose,pod)/up.ts

redis:
	@scripts/pod/redis-server.sh >/dev/null

down: $(installed) ## Stop it: web first, then its helpers, Redis last; its data is kept
	@node scripts/down.ts

logs: $(installed) ## Follow the logs of all containers, the application's log files and the shipped records
	@if [ -e .pod/state.json ]; then exec node scripts/pod/logs.ts; else exec node scripts/compose/logs.ts; fi

test: $(installed) ## Run every test that this machine can run, and name what was left out
	@node scripts/test/test.ts

chaos: $(installed) ## Kill and stop the shipper under writing, rotating apps and failing sinks of each kind by turns, and account for every line: two minutes
	@CHAOS_SECONDS=$${CHAOS_SECONDS:-90} vitest run --project integration packages/log-shipper/test/chaos.it.ts

check: $(installed) ## Format, lint, types, unit tests, option tables, manifests: about a minute, no Docker
	@biome check --error-on-warnings .
	@tsc --noEmit
	@node scripts/docs.ts --check
	@node scripts/build.ts pod-review >/dev/null && node packages/pod-review/dist/pod-review.js --fail-on warning k8s
	@vitest run --project unit

format: $(installed) ## Format, and mend what lint can mend
	@biome check --write .

docs: $(installed) ## Write what is generated: option tables, the picture of the pod, the names of all packages
	@node scripts/docs.ts
	@node packages/pod-review/scripts/write-docs.ts

build: $(installed) ## Bundle each program into packages/<name>/dist/<name>.js
	@node scripts/build.ts

bench: build ## Measure each data path beside a peer (BENCH=wait-for for one)
	@for bench in $(BENCH); do node bench/$$bench/bench.ts || exit 1; done

images: ## Build the images of all containers for this machine
	@docker buildx bake

deploy: $(installed) ## Apply k8s/overlays/$(OVERLAY) to a cluster: CONTEXT=…, or the current context after a question (YES=1: without)
	@node scripts/deploy/deploy.ts deploy "$(OVERLAY)"

undeploy: $(installed) ## Take it away again, with the namespace and all in it
	@node scripts/deploy/deploy.ts undeploy "$(OVERLAY)"

kind: $(installed) ## Make a kind cluster, load the images and deploy, whatever the current context is
	@for tool in kind kubectl; do command -v $$tool >/dev/null || { echo "make kind: $$tool is not installed" >&2; exit 2; }; done
	@$(MAKE) images
	kind get clusters | grep -qx pod-patterns || kind create cluster --name pod-patterns
	docker buildx bake --print 2>/dev/null | node scripts/image-names.ts | xargs kind load docker-image --name pod-patterns
	@$(MAKE) deploy OVERLAY=kind CONTEXT=kind-pod-patterns

e2e: build ## Check on a cluster whose nodes have the images what k8s/ promises, and print a table: CONTEXT=… as for deploy; CHECK=… for some rows
	@node tests/e2e/e2e.ts

copy: $(installed) ## Make a pattern a starting point of its own: make copy PACKAGE=wait-for TO=../my-wait-for
	@node scripts/copy/copy.ts "$(PACKAGE)" "$(TO)"

release: $(installed) ## Commit and tag a version here, and say how to publish it: make release VERSION=X.Y.Z
	@node scripts/release/release.ts "$(VERSION)"

clean: $(installed) ## Stop the pod, remove its data, its images and all that was built or installed
	@node scripts/down.ts --all
	rm -rf .pod packages/*/dist node_modules

$(installed): package.json package-lock.json
	@echo 'installing the dependencies, Node 24 among them (npm ci): about a minute'
	@since=$$(date +%s); npm ci --no-audit --no-fund --loglevel=error && \
	  node scripts/node/link.cjs && \
	  touch $@ && echo "installed in $$(($$(date +%s) - since)) s"
