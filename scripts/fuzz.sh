#!/usr/bin/env bash
# Fuzzes every target of fuzz/ for FUZZ_SECONDS (60) each. Stops at the first that finds something.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! cargo fuzz --version >/dev/null 2>&1; then
    echo "cargo fuzz was not found: cargo install cargo-fuzz, and a nightly toolchain (rustup toolchain install nightly)." >&2
    exit 1
fi
for target in $(cargo +nightly fuzz list); do
    cargo +nightly fuzz run "$target" -- -max_total_time="${FUZZ_SECONDS:-60}"
done
