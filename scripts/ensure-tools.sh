#!/bin/sh
# What the self-tests need besides npm's packages: a real browser, which opens the HTML report, curl, which the reproducers
# of findings are for, and Python 3, on which one of their targets runs. Playwright's own download is not used: a distribution's Chromium is found, or installed from
# Debian's packages where that is possible.
set -eu
missing=''
command -v python3 >/dev/null 2>&1 || missing="$missing python3"
command -v curl >/dev/null 2>&1 || missing="$missing curl"
# By which the recipe for signed runs is tried.
command -v openssl >/dev/null 2>&1 || missing="$missing openssl"
# Without windows it takes half of the processor's time; not every distribution has it.
chromium=' chromium-headless-shell fonts-dejavu-core'
for browser in "${CHROMIUM_PATH:-}" /usr/bin/chromium-headless-shell /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
  if [ -n "$browser" ] && [ -x "$browser" ]; then chromium=''; fi
done
missing="$missing$chromium"
if [ -z "$missing" ]; then exit 0; fi
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  case "$missing" in
    *chromium-headless-shell*)
      apt-cache show chromium-headless-shell >/dev/null 2>&1 ||
        missing=$(echo "$missing" | sed 's/chromium-headless-shell/chromium/')
      ;;
  esac
  echo "Installing from the distribution (once):$missing …"
  # Unquoted: one package, one word.
  apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
  echo 'The self-tests need Python 3, curl, OpenSSL and Chromium (Debian: apt-get install python3 curl openssl chromium); CHROMIUM_PATH may name the last.' >&2
  exit 1
fi
