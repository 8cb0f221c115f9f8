#!/usr/bin/env bash
# A night on a live tenant: cleans up after a night that was killed, runs, holds the report against the night before, and
# prepares tomorrow. Run it in the folder of the target file, which is kept between nights; see docs/live-tenant.md.
#   TARGET       the target file; default target.yaml
#   APPROVED     the hash that plan shows: a plan that differs is refused
#   OPTIONS      further options of run, as words of a shell
#   NIGHTS       folder of the reports; default nights. What is in last/ is yesterday's
#   STATE        the state folder of the target file; default .cancel-conformance
#   PREPARE      how many requests to prepare for tomorrow; default 1, 0 for none
#   CONFORMANCE  how the suite is started, as words of a shell
# Ends with 0 when nothing moved, 1 when the tenant drifted or failed a MUST, 2 and 4 as run does, and 3 when something is
# left over from an earlier night or could not be prepared. A run that ends in 3 is usual: a live tenant cannot show everything.
set -uo pipefail
: "${TARGET:=target.yaml}" "${APPROVED:=}" "${NIGHTS:=nights}" "${STATE:=.cancel-conformance}" "${PREPARE:=1}" "${OPTIONS:=}"
: "${CONFORMANCE:=npx --no cancel-conformance}"
approval=()
[[ -z $APPROVED ]] || approval=(--approve "$APPROVED")
umask 077
mkdir -p "$NIGHTS"
rm -rf "$NIGHTS/tonight" "$NIGHTS/comparison"

# A killed night first: nobody begins on top of what it left.
if [[ -d $STATE ]]; then
  $CONFORMANCE recover "$STATE" --target "$TARGET" || exit
fi

code=0
# shellcheck disable=SC2086 # words, on purpose
$CONFORMANCE run --target "$TARGET" "${approval[@]}" $OPTIONS --out "$NIGHTS/tonight" || code=$?
# 1 is told at the end: the report is worth keeping, and tomorrow worth preparing.
[[ $code == 0 || $code == 1 || $code == 3 ]] || exit "$code"
if [[ ! -f $NIGHTS/tonight/report.json ]]; then
  echo 'No report was written.' >&2
  exit 4
fi

drift=0
if [[ -f $NIGHTS/last/report.json ]]; then
  $CONFORMANCE compare "$NIGHTS/last" "$NIGHTS/tonight" --out "$NIGHTS/comparison" || drift=$?
  [[ $drift == 0 || $drift == 1 ]] || exit "$drift"
else
  echo 'The first night: there is no report to compare with.'
fi
# Tonight becomes yesterday only now, and as a whole.
rm -rf "$NIGHTS/before"
[[ ! -d $NIGHTS/last ]] || mv "$NIGHTS/last" "$NIGHTS/before"
mv "$NIGHTS/tonight" "$NIGHTS/last"

prepared=0
if [[ $PREPARE != 0 ]]; then
  $CONFORMANCE prepare --target "$TARGET" "${approval[@]}" --count "$PREPARE" || prepared=$?
fi

if [[ $drift == 1 ]]; then echo "Drift: see $NIGHTS/comparison/comparison.md"; fi
if [[ $code == 1 ]]; then echo "Nonconformant: see $NIGHTS/last/summary.md"; fi
if [[ $drift == 1 || $code == 1 ]]; then exit 1; fi
exit "$prepared"
