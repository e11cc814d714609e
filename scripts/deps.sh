#!/usr/bin/env bash
# Installs the system packages that a target lacks.  usage: scripts/deps.sh build|run|test|bench
# Each line below is: package, then the shell test that tells whether what it brings is there. What
# is found is left alone, so a second run installs nothing and asks no server.
set -euo pipefail

has() { command -v "$1" >/dev/null 2>&1; }
header() { has php-config && [ -f "$(php-config --include-dir)/main/php.h" ]; }
libclang() { compgen -G '/usr/lib/llvm-*/lib/libclang*.so*' >/dev/null || compgen -G '/usr/lib/*/libclang*.so*' >/dev/null; }
module() { has php-config && [ -f "$(php-config --extension-dir)/$1.so" ]; }

build=(
    'gcc            has cc'
    'libc6-dev      test -f /usr/include/stdio.h'
    'pkg-config     has pkg-config'
    'php-cli        has php'
    'php-dev        header'
    'libclang-dev   libclang'
)
run=("${build[@]}")
test=("${build[@]}"
    'g++            has g++'
    'valgrind       has valgrind'
    'libc6-dbg      test -d /usr/lib/debug/.build-id'
    'python3        has python3'
    'php8.2-opcache module opcache'
    'php-xdebug     module xdebug'
    'chromium        has chromium'
    'chromium-driver has chromedriver'
    'curl           has curl'
    'openssl        has openssl'
    'apache2-utils  has ab'
    'wrk            has wrk'
    'nodejs         has node'
    'python3-venv   python3 -c "import ensurepip"'
    'python3-websockets /usr/bin/python3 -c "import websockets"'
    'node-ws        test -d /usr/share/nodejs/ws'
)
bench=("${build[@]}"
    'python3        has python3'
    'wrk            has wrk'
    'nginx-light    test -x /usr/sbin/nginx'
    'nodejs         has node'
    'openssl        has openssl'
)

case "${1:-}" in build | run | test | bench) ;; *) echo "usage: $0 build|run|test|bench" >&2; exit 2 ;; esac
declare -n wanted=$1

if ! has cargo; then
    echo "cargo was not found: install a Rust toolchain first (https://rustup.rs), then run make again." >&2
    exit 1
fi
if [ "$1" = test ]; then
    for part in fmt clippy; do
        cargo $part --version >/dev/null 2>&1 && continue
        has rustup || { echo "cargo $part was not found: install the Rust component for it, then run make again." >&2; exit 1; }
        rustup component add "${part/#fmt/rustfmt}"
    done
fi

missing=()
for line in "${wanted[@]}"; do
    read -r package check <<<"$line"
    eval "$check" 2>/dev/null || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if ! has apt-get; then
    echo "Missing: ${missing[*]} (Debian's names). There is no apt-get here: install them by hand, then run make again." >&2
    exit 1
fi
root=()
if [ "$(id -u)" -ne 0 ]; then
    has sudo || { echo "Missing: ${missing[*]}. Run as root, or install sudo." >&2; exit 1; }
    root=(sudo)
fi
echo "Installing ${missing[*]}"
"${root[@]}" apt-get update -q
"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
