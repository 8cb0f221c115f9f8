#!/bin/sh
# All static checks of what is built. The linter takes as long as the others together: it begins beside them.
set -u
cd "$(dirname "$0")/.."
# What is packed to be examined is built already.
export npm_config_ignore_scripts=true

npm run --silent check:lint &
linter=$!
failed=''
for check in format knip openapi models licences proof package; do
  npm run --silent "check:$check" || failed="$failed check:$check"
done
wait "$linter" || failed="$failed check:lint"
[ -z "$failed" ] && exit 0
echo "failed:$failed" >&2
exit 1
