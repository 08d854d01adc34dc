# Every verb works on a fresh machine: Node 24 comes with the dependencies, whatever the machine's own Node is.
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

# how the pod runs: `compose` where a Docker engine answers, else `processes`
POD ?= $(shell docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1 && echo compose || echo processes)
OVERLAY ?= kind
overlays := $(notdir $(wildcard k8s/overlays/*))
benches := $(sort $(patsubst bench/%/bench.ts,%,$(wildcard bench/*/bench.ts)))
BENCH ?= $(benches)
packages := $(filter-out kit,$(notdir $(wildcard packages/*)))

# $(call known,VERBS,NAME,WORDS) ends make with one line, before anything is installed or built, if one of these verbs
# is asked for with another word
comma := ,
known = $(if $(filter $1,$(MAKECMDGOALS)),$(if $(filter-out $3,$(or $($2),"")),$(error $2="$($2)": expected one of $(subst $() ,$(comma) ,$3))))
$(call known,up down logs,POD,compose processes)
$(call known,deploy undeploy,OVERLAY,$(overlays))
$(call known,bench,BENCH,$(benches))
$(call known,copy,PACKAGE,$(packages))

.PHONY: help up down logs test check format docs build bench images deploy undeploy kind copy release clean

help: ## Show the verbs
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

up: build ## Start the whole pod: with Docker by compose, without it as local processes (POD=compose|processes)
	@node scripts/$(if $(filter compose,$(POD)),compose/up.ts,pod/up.ts)

down: node_modules ## Stop it: web first, then its helpers, Redis last
	@node scripts/pod/down.ts
	@if [ "$(POD)" = compose ]; then docker compose down --volumes --remove-orphans; fi

logs: ## Follow the logs of all containers
	@if [ -e .pod/state.json ]; then tail -n 20 -F .pod/log/*.log; else docker compose logs --follow --tail 20; fi

test: node_modules ## Run every test that this machine can run, and name what was left out
	@node scripts/test/test.ts

check: node_modules ## Format, lint, types, unit tests, option tables, manifests: about a minute, no Docker
	@biome check --error-on-warnings .
	@tsc --noEmit
	@node scripts/docs.ts --check
	@node scripts/build.ts pod-review >/dev/null && node packages/pod-review/dist/pod-review.js --fail-on warning k8s
	@vitest run --project unit

format: node_modules ## Format, and mend what lint can mend
	@biome check --write .

docs: node_modules ## Write what is generated in the READMEs: option tables, the picture of the pod
	@node scripts/docs.ts
	@node packages/pod-review/scripts/write-docs.ts

build: node_modules ## Bundle each program into packages/<name>/dist/<name>.js
	@node scripts/build.ts

bench: build ## Measure each data path beside a peer (BENCH=wait-for for one)
	@for bench in $(BENCH); do node bench/$$bench/bench.ts || exit 1; done

images: ## Build the images of all containers for this machine
	@docker buildx bake

deploy: ## Apply k8s/overlays/$(OVERLAY) to the current cluster
	kubectl apply -k k8s/overlays/$(OVERLAY)
	kubectl --namespace pod-patterns rollout status deployment/web --timeout 180s

undeploy: ## Take it away again
	kubectl delete -k k8s/overlays/$(OVERLAY) --ignore-not-found

kind: images ## Make a kind cluster, load the images and deploy
	kind get clusters | grep -qx pod-patterns || kind create cluster --name pod-patterns
	docker buildx bake --print 2>/dev/null | node scripts/image-names.ts | xargs kind load docker-image --name pod-patterns
	$(MAKE) deploy OVERLAY=kind

copy: node_modules ## Make a pattern a starting point of its own: make copy PACKAGE=wait-for TO=../my-wait-for
	@node scripts/copy/copy.ts "$(PACKAGE)" "$(TO)"

release: node_modules ## Commit and tag a version here, and say how to publish it: make release VERSION=X.Y.Z
	@node scripts/release/release.ts "$(VERSION)"

clean: down ## Stop the pod and remove what was built
	rm -rf .pod packages/*/dist node_modules

node_modules: package.json package-lock.json
	@npm ci --no-audit --no-fund --loglevel=error
	@touch node_modules
