# Coterie: make run starts a community on this machine, make test checks a change.
# Everything else is described in README.md and CONTRIBUTING.md.

SHELL := /bin/bash
.DEFAULT_GOAL := help
export GOTOOLCHAIN ?= auto

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)

.PHONY: help run test build bench soak fuzz screenshots clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 14

build: ## write the static binary bin/coterie, the web client inside
	@scripts/need-go
	@scripts/client
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '-s -w -X main.version=$(VERSION)' -o bin/coterie ./cmd/coterie

run: build ## start a community on http://localhost:8080, its data in ./data
	@scripts/run

test: ## everything a change must pass; as root it installs what it needs
	@scripts/need-go
	@scripts/test

bench: build ## benchmarks; docs/performance.md says how to read them
	go test -run '^$$' -bench . -benchmem -timeout 60m ./...
	cd web && BENCH=1 npx playwright test bench

soak: ## long runs, COTERIE_SOAK each (30m)
	@scripts/need-go
	COTERIE_SOAK=$${COTERIE_SOAK:-30m} go test -count=1 -timeout 0 -tags soak -run Soak -v ./...

fuzz: ## each fuzz target for COTERIE_FUZZ (10s)
	@scripts/need-go
	@scripts/fuzz

screenshots: build ## pictures of the web client's main pages in docs/screenshots
	cd web && SCREENSHOTS=../docs/screenshots npx playwright test shots

clean: ## remove what make build and make test wrote; ./data stays
	rm -rf bin e2e/node_modules web/node_modules web/test-results web/dist/*
