#!/usr/bin/env bash
# Puts what `make build` left in target/release in place.  PREFIX=/usr/local, DESTDIR is put in front.
# The PHP extension goes where the PHP of php-config looks for it; the C library goes below PREFIX.
set -euo pipefail
cd "$(dirname "$0")/.."

prefix=${PREFIX:-/usr/local}
dest=${DESTDIR:-}
extensions=$(php-config --extension-dir)
php=$(php-config --version | cut -d. -f1,2)
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)

for built in libswoole.so libswoole_rs.so libswoole_rs.a; do
    [ -f "target/release/$built" ] || { echo "target/release/$built is not there: run make build first." >&2; exit 1; }
done

place() { # mode file target
    install -D -m "$1" "$2" "$dest$3"
    echo "  $dest$3"
}

place 644 target/release/libswoole.so "$extensions/swoole.so"

ini=$(mktemp)
trap 'rm -f "$ini"' EXIT
# After 20-sockets.ini, whose Socket class getSocket() hands out.
printf '; configuration for the swoole module\n; priority=25\nextension=swoole.so\n' >"$ini"
if [ -d "/etc/php/$php/mods-available" ]; then
    place 644 "$ini" "/etc/php/$php/mods-available/swoole.ini"
    if [ -z "$dest" ] && command -v phpenmod >/dev/null; then
        phpenmod -v "$php" swoole
    fi
else
    place 644 "$ini" "$(php-config --ini-dir)/25-swoole.ini"
fi

place 755 target/release/libswoole_rs.so "$prefix/lib/libswoole_rs.so"
place 644 target/release/libswoole_rs.a "$prefix/lib/libswoole_rs.a"
for header in include/*.h; do
    place 644 "$header" "$prefix/include/$(basename "$header")"
done
pc=$(mktemp)
trap 'rm -f "$ini" "$pc"' EXIT
sed -e "s|@PREFIX@|$prefix|g" -e "s|@VERSION@|$version|g" ffi/swoole_rs.pc.in >"$pc"
place 644 "$pc" "$prefix/lib/pkgconfig/swoole_rs.pc"
if [ -z "$dest" ] && [ "$(id -u)" -eq 0 ]; then
    ldconfig
fi
