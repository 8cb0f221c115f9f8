#!/bin/sh
# What is proved each day and not with every change: all faults and variants anew, a share of all pairs of faults and of all faults across variants, each edition judged by each other one, and in all its cells, as readings and targets of others are, runs ended at each of their calls, all hostile peers and the memory of whole runs on them, our regular expressions, thirty simulated nights, the likely causes of every mistake, the long search, the long night on a tenant, runs on one that are killed at 36 moments.
# Everything that is chosen by chance is chosen by one seed, which is printed and repeats the day:
#   npm run daily -- SEED
set -eu
cd "$(dirname "$0")/.."

seed="${1:-$(date +%Y%m%d)}"
case "$seed" in
*[!0-9]* | '')
  echo "npm run daily -- $seed: give a seed of digits, or none" >&2
  exit 2
  ;;
esac
echo "The day's seed is $seed; npm run daily -- $seed repeats it."
export CANCEL_DAILY_SEED="$seed" CANCEL_SEARCH_SEED="$seed" CANCEL_SEARCH_RUNS="${CANCEL_SEARCH_RUNS:-1500}"

npm run build
npx playwright test --config tests/selftest/playwright.config.ts --project daily
npx playwright test --config tests/selftest/playwright.config.ts --project whole search.spec

# The quick tests on every release line of Node.js that package.json admits, each as the registry's package of that name brings it.
for version in ${CANCEL_DAILY_NODES-20 22 24}; do
  echo "The quick tests on Node.js $version."
  npx --yes --package="node@$version" -- node node_modules/@playwright/test/cli.js test --config tests/selftest/playwright.config.ts --project quick
done
