# Everything starts here. Each target installs the system packages it lacks (Debian, as root or with
# sudo) and does nothing about those it finds.

# Once, and the same in a make within this one: what was built with another PATH is built anew, and a Python of pyenv's puts something in front of it.
ifndef BUILD_PATH
export BUILD_PATH := $(if $(findstring :$(HOME)/.cargo/bin:,:$(PATH):),$(PATH),$(HOME)/.cargo/bin:$(PATH))
endif
export PATH := $(BUILD_PATH)
# Where `make install` puts things; DESTDIR is put in front, for packagers.
export PREFIX ?= /usr/local
export DESTDIR

EXTENSION := $(CURDIR)/target/release/libswoole.so

.PHONY: help build run test bench install fuzz loom clean

help:
	@echo 'make run      build, and start a server with a page to talk on at http://127.0.0.1:9501'
	@echo 'make test     build, and run every test; ends with one line "N passed, N failed"'
	@echo 'make build    build target/release/libswoole.so and target/release/libswoole_rs.{so,a}'
	@echo 'make install  put the extension, the C library and its header in place (PREFIX, DESTDIR)'
	@echo 'make bench    this server side by side with a minimal C server, nginx and node'
	@echo 'make fuzz     fuzz each parser for a minute (FUZZ_SECONDS=60)'
	@echo 'make loom     what lies in shared memory under every interleaving loom can find'

build:
	@scripts/deps.sh build
	cargo build --release --workspace

run:
	@scripts/deps.sh run
	cargo build --release --workspace
	@echo
	@echo 'Open http://127.0.0.1:9501 in a browser, in two windows if you like. Ctrl-C here stops the server.'
	@echo
	@exec php -n -d extension=$(EXTENSION) examples/php/chat.php

test:
	@scripts/deps.sh test
	@tests/run.py

bench:
	@scripts/deps.sh bench
	cargo build --release --workspace
	cargo build --release -p swoole-core --example many_clients
	@bench/run

# Under sudo there may be no cargo: what was built before is installed then.
install:
	@if command -v cargo >/dev/null; then $(MAKE) --no-print-directory build; fi
	@scripts/install.sh

fuzz:
	@scripts/fuzz.sh

loom:
	RUSTFLAGS='--cfg loom' cargo test -p swoole-core --profile loom --lib --target-dir target/loom loom_

clean:
	cargo clean
