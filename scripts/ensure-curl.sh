#!/bin/sh
# The self-tests execute the reproducers of findings, which are curl commands for a POSIX shell.
set -eu
if command -v curl >/dev/null 2>&1; then exit 0; fi
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo 'Installing curl from the distribution (once) …'
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends curl >/dev/null
else
  echo 'The self-tests need curl: install it (Debian: apt-get install curl).' >&2
  exit 1
fi
