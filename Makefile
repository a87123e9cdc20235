# Everything that is done to this repository, by name. "make" alone lists it.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help

PORT ?= 8080
ARGS ?=
FUZZTIME ?= 20s
SEEDS ?= 2000

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
# The version comes from above: Go's own look at the repository fails where the files belong to somebody else.
GO_BUILD := go build -buildvcs=false -trimpath -ldflags '-s -w -X main.version=$(VERSION)'

not_ours := \( -name node_modules -o -name .git -o -name bin -o -name data -o -name dist \) -prune -o
GO_FILES := $(shell find . $(not_ours) -name '*.go' -print)
BINARY_FROM := go.mod go.sum $(wildcard web/vscode/dist/codecollab.vsix) $(filter-out %_test.go,$(GO_FILES)) $(shell find languages attacks/programs internal/*/migrations -type f -not -name '*.go' 2>/dev/null)
PAGE_FROM := web/package-lock.json $(shell find web/app web/client/src -name test -prune -o $(not_ours) -type f -not -name '*.go' -not -name '*.test.*' -print)
MODULES := web/node_modules/.package-lock.json
PAGE := web/app/dist/index.html
BINARY := bin/codecollab
LAST := $(if $(filter run,$(MAKECMDGOALS)),4,3)
test-server test-clients test-vscode test-vscode-web vscode-start test-livekit test-network e2e perf: export CODECOLLAB_BIN = $(CURDIR)/$(BINARY)

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^##@ /{print "\n" substr($$0, 5)} /^[a-z0-9-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Use it

.PHONY: run
run: build ## build what is not built yet and start the server (PORT=8080, ARGS="--data DIR")
	@echo "[4/4] starting; open http://localhost:$(PORT) (Ctrl+C stops it)"
	@exec $(BINARY) serve --addr ":$(PORT)" $(ARGS)

.PHONY: build
build: need $(BINARY) ## bin/codecollab, with the page inside

VSIX := web/vscode/dist/codecollab.vsix
VSIX_FROM := web/package-lock.json $(shell find web/vscode web/client/src web/app/src/room -name test -prune -o -name out -prune -o $(not_ours) -type f -not -name '*.go' -not -name '*.test.*' -print)

.PHONY: vsix
vsix: $(VSIX) ## the extension for VS Code; the next build of the server has it inside and offers it

$(VSIX): $(MODULES) $(VSIX_FROM)
	@web/vscode/scripts/vsix.sh

.PHONY: need
need:
	@scripts/need.sh go node

$(MODULES): web/package-lock.json
	@echo "[1/$(LAST)] fetching what the page is made of (npm ci)"
	@cd web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(PAGE): $(MODULES) $(PAGE_FROM)
	@echo "[2/$(LAST)] building the page"
	@cd web && npm run --silent build
	@touch $@ web/app/dist/.keep

# Its time changes only when the version does.
bin/.version: FORCE
	@mkdir -p bin; [ "$$(cat $@ 2>/dev/null)" = '$(VERSION)' ] || echo '$(VERSION)' >$@

.PHONY: FORCE
FORCE:

$(BINARY): $(PAGE) $(BINARY_FROM) bin/.version
	@echo "[3/$(LAST)] building the server (the first time takes a minute or two)"
	@mkdir -p bin
	@$(GO_BUILD) -o $@ ./cmd/codecollab

.PHONY: clean
clean: ## remove what was built (rooms in data/ stay)
	rm -rf bin/codecollab bin/.version web/e2e/test-results web/e2e/artifacts
	find web/app/dist web/vscode/dist -mindepth 1 -not -name .keep -delete

##@ Check it

.PHONY: check
check: need lint test-go-short test-web ## the everyday check: format, linters, types, fast tests

.PHONY: test
test: need setup lint generate-check test-go test-web test-server test-clients test-sso test-vscode test-vscode-web e2e ## everything, with a real browser, as in CI; installs what is lacking when root

.PHONY: setup
setup: ## install what the tests need on Debian (languages, Chromium)
	@scripts/setup-debian.sh

.PHONY: lint
lint: $(MODULES) ## gofmt, go vet, staticcheck, tsc, oxlint
	@unformatted=$$(gofmt -l $(GO_FILES)); [ -z "$$unformatted" ] || { echo "not formatted (gofmt -w):" $$unformatted; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	cd web && npm run --silent check
	cd web && npm run --silent lint

.PHONY: test-go
test-go: ## all Go tests, with the race detector
	go test -race -timeout 20m ./...

.PHONY: test-go-short
test-go-short:
	go test -race -short -timeout 5m ./...

.PHONY: test-web
test-web: $(MODULES) ## the tests of the client and the page (vitest)
	cd web && npm test --silent

.PHONY: test-server
test-server: $(BINARY) ## the client's tests against the real server
	cd web && npm run --silent test:server

.PHONY: test-clients
test-clients: $(BINARY) ## clients of Piston that others wrote, against our runner (root)
	cd test/piston-clients && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && npm test --silent

PROVIDER := test/oidc-provider/node_modules/.package-lock.json
$(PROVIDER): test/oidc-provider/package-lock.json
	cd test/oidc-provider && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: test-sso
test-sso: $(PROVIDER) ## signing in by identity providers that others wrote, on loopback
	CODECOLLAB_TEST_SSO=1 go test -count=1 -timeout 5m -run 'TestSSO' ./cmd/codecollab

.PHONY: e2e
e2e: $(BINARY) $(PROVIDER) ## the page in a real Chromium (Playwright)
	cd web && npm run --silent e2e

.PHONY: test-network
test-network: $(BINARY) ## voice and edits between two network namespaces with a firewall (root), and with Firefox
	cd web && npm run --silent e2e:network

.PHONY: test-vscode
test-vscode: $(VSIX) $(BINARY) ## the extension in a real VS Code (code-server, fetched once and kept) beside a page, in Chromium
	cd web && npm run --silent test:server --workspace codecollab
	cd web && npm run --silent e2e:vscode -- --grep-invert "$(VSCODE_WEB)"

VSCODE_WEB := VS Code for the Web

.PHONY: test-vscode-web
test-vscode-web: $(VSIX) $(BINARY) ## the extension in VS Code for the Web, where a web worker runs it
	cd web && npm run --silent e2e:vscode -- --grep "$(VSCODE_WEB)"

.PHONY: vscode-start
vscode-start: $(VSIX) $(BINARY) ## what the extension adds to the start of VS Code: STARTS=5 with it and as many without, in turn
	cd web && CODECOLLAB_TEST_STARTS=$(STARTS) npm run --silent e2e:vscode -- startup

STARTS ?= 5

.PHONY: test-livekit
test-livekit: $(BINARY) ## talking by a real LiveKit server (built once and kept), in Go and in Chromium
	@program=$$(scripts/livekit-server.sh) && export LIVEKIT_SERVER="$$program" && \
	go test -race -count=1 -timeout 5m ./internal/voice/livekit && cd web && npm run --silent e2e:livekit

.PHONY: attacks
attacks: $(BINARY) ## try to break out of the engine, in every tier that this machine allows
	$(BINARY) attack

# The core set, installed once and kept: a second time only what is new is fetched.
LANGUAGES_DATA ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/codecollab-languages
LANGUAGES_TIME ?= 20m

.PHONY: languages
languages: $(BINARY) ## install the core languages into LANGUAGES_DATA and check each of them in the sandbox (root)
	timeout --signal=INT $(LANGUAGES_TIME) $(BINARY) languages install --core --yes --runner-data $(LANGUAGES_DATA)
	timeout --signal=INT $(LANGUAGES_TIME) $(BINARY) languages check --core --runner-data $(LANGUAGES_DATA)

.PHONY: test-deploy
test-deploy: $(BINARY) ## run what the Dockerfile and the install script say in a Debian of its own (root)
	go test -count=1 -timeout 40m ./deploy -environments

.PHONY: audit
audit: ## known vulnerabilities (says so when offline), and licences of all libraries
	@scripts/audit.sh

.PHONY: fuzz
fuzz: ## every fuzz target (FUZZTIME=20s each)
	@scripts/fuzz.sh $(FUZZTIME)

.PHONY: test-long
test-long: test-many test-environments ## what takes minutes: both of these

.PHONY: test-many
test-many: fuzz $(BINARY) ## fuzzing, the property tests with many seeds (SEEDS=2000), a history of a million events, a tab that sleeps
	go test -count=1 -timeout 30m ./internal/ot -rounds $(SEEDS)0
	go test -count=1 -timeout 30m ./bench/syncclient -rooms $(SEEDS)
	CODECOLLAB_TEST_LONG=1 go test -count=1 -timeout 10m ./cmd/codecollab -run TestFactsFromTheSandbox
	cd web/client && CODECOLLAB_SEEDS=$(SEEDS) npx vitest run test/fuzz.test.ts
	cd web/e2e && CODECOLLAB_BIN=$(CURDIR)/$(BINARY) CODECOLLAB_TEST_LONG=1 npx playwright test history-long keep -g "million|sleeps"

.PHONY: test-environments
test-environments: ## make real environments of languages with debootstrap, apt, npm and Go (root)
	go test -count=1 -timeout 40m ./internal/toolchain -run TestEnvironments -environments

.PHONY: bench
bench: $(BINARY) ## micro-benchmarks, then load on a server
	go test -run '^$$' -bench . -benchmem ./internal/...
	$(BINARY) bench run
	$(BINARY) bench sync --rooms 20 --users 4 --rate 5 --seconds 10

CHAOS ?=

.PHONY: chaos
chaos: $(BINARY) ## break everything once under load, on one node and on three, and check that nothing was lost (CHAOS="--seed 7" repeats)
	$(BINARY) bench chaos --sqlite --hold 1s --only kill,term,pause,slow-disk,full-disk,twice $(CHAOS)
	$(BINARY) bench chaos --hold 1s $(CHAOS)

.PHONY: chaos-long
chaos-long: $(BINARY) ## a hundred faults, a rolling restart of three nodes, and ten minutes of mixed load with a report
	$(BINARY) bench chaos --faults 100 $(CHAOS)
	$(BINARY) bench chaos --rolling 2 $(CHAOS)
	$(BINARY) bench soak --for 10m --report bin/soak.html

.PHONY: perf
perf: $(BINARY) ## what the page costs: first load, typing among fifty people, Lighthouse; fails only far above the goals
	cd web && npm run --silent perf

.PHONY: size
size: $(BINARY) ## how large binary, sources and page are; fails when the page has outgrown its limit
	@scripts/size.sh
	@cd web && npm run --silent size --workspace app

##@ Change it

GENERATED := docs/settings.md docs/metrics.md docs/editor.md web/client/src/wire.gen.ts $(wildcard testdata/ot/*)

.PHONY: generate
generate: $(MODULES) ## all generated files: settings, TypeScript types, vectors, lists of languages
	go generate ./...
	node scripts/editor-modes.mjs
	node scripts/ot-vectors.mjs

.PHONY: generate-check
generate-check: ## fail when a generated file is stale
	@before=$$(mktemp -d); trap 'rm -rf "$$before"' EXIT; cp -p --parents $(GENERATED) "$$before"; $(MAKE) generate >/dev/null; stale=; \
	for f in $(GENERATED); do \
	  if cmp -s $$f "$$before/$$f"; then touch -r "$$before/$$f" $$f; else stale+=" $$f"; fi; \
	done; \
	[ -z "$$stale" ] || { echo "stale, and fresh now; commit them:$$stale"; exit 1; }
