#!/bin/sh
# All static checks of what is built: every script of package.json that is called check:…. The linter takes as long as the others
# together: it begins beside them.
set -eu
cd "$(dirname "$0")/.."
# What is packed to be examined is built already.
export npm_config_ignore_scripts=true

checks="$(node -p "Object.keys(require('./package.json').scripts).filter((name) => /^check:(?!lint$)/.test(name)).join(' ')")"
npm run --silent check:lint &
linter=$!
# A shell that nobody types into has those beside it ignore an interruption.
trap 'kill "$linter" 2>/dev/null; exit 130' INT TERM
failed=''
for check in $checks; do
  npm run --silent "$check" || failed="$failed $check"
done
wait "$linter" || failed="$failed check:lint"
[ -z "$failed" ] && exit 0
echo "failed:$failed" >&2
exit 1
