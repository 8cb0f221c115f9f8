#!/bin/sh
# The self-tests open the HTML report in a real browser. Playwright's own download is not used: a distribution's
# Chromium is found, or installed from Debian's packages where that is possible.
set -eu
for browser in "${CHROMIUM_PATH:-}" /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
  if [ -n "$browser" ] && [ -x "$browser" ]; then exit 0; fi
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo 'Installing Chromium from the distribution (once) …'
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
else
  echo 'The self-tests need Chromium: install it (Debian: apt-get install chromium) or name it in CHROMIUM_PATH.' >&2
  exit 1
fi
