#!/usr/bin/env bash
# A night on a live tenant: cleans up after a night that was killed, runs, files the report as a night, which is held against the
# last ones that told each check, and prepares tomorrow. Run it in the folder of the target file, which is kept between nights; see docs/live-tenant.md.
#   TARGET       the target file; default target.yaml
#   APPROVED     the hash that plan shows: a plan that differs is refused
#   OPTIONS      further options of run, as words of a shell
#   NIGHTS       folder of the nights; default nights. nights.md in it lists them, history.html shows what changed in which, each has a folder
#                named after its day
#   NIGHT_OPTIONS  further options of night, such as --least 90 --keep 60
#   STATE        the state folder of the target file; default .cancel-conformance
#   PREPARE      how many requests to prepare for tomorrow; default 1, 0 for none
#   CONFORMANCE  how the suite is started, as words of a shell
# Ends with 0 when nothing moved, 1 when something moved that nobody has accepted (cancel-conformance accept), or a MUST failed, 2 and 4 as
# run does, and 3 when too little was told to say, something is left over from an earlier night, or could not be prepared. A run
# that ends in 3 is usual: a live tenant cannot show everything.
set -uo pipefail
: "${TARGET:=target.yaml}" "${APPROVED:=}" "${NIGHTS:=nights}" "${STATE:=.cancel-conformance}" "${PREPARE:=1}" "${OPTIONS:=}"
: "${NIGHT_OPTIONS:=}" "${CONFORMANCE:=npx --no cancel-conformance}"
approval=()
[[ -z $APPROVED ]] || approval=(--approve "$APPROVED")
umask 077
mkdir -p "$NIGHTS"
rm -rf "$NIGHTS/tonight"

# A killed night first: nobody begins on top of what it left.
if [[ -d $STATE ]]; then
  $CONFORMANCE recover "$STATE" --target "$TARGET" || exit
fi

code=0
# shellcheck disable=SC2086 # words, on purpose
$CONFORMANCE run --target "$TARGET" "${approval[@]}" $OPTIONS --history "$NIGHTS/history.jsonl" --out "$NIGHTS/tonight" || code=$?
# 1 is told at the end: the report is worth keeping, and tomorrow worth preparing.
[[ $code == 0 || $code == 1 || $code == 3 ]] || exit "$code"
if [[ ! -f $NIGHTS/tonight/report.json ]]; then
  echo 'No report was written.' >&2
  exit 4
fi

night=0
# shellcheck disable=SC2086 # words, on purpose
$CONFORMANCE night "$NIGHTS/tonight" --nights "$NIGHTS" $NIGHT_OPTIONS || night=$?

prepared=0
if [[ $PREPARE != 0 ]]; then
  $CONFORMANCE prepare --target "$TARGET" "${approval[@]}" --count "$PREPARE" || prepared=$?
fi

# What moved first, then what could not be told, then what is left to do for tomorrow.
if [[ $night != 0 ]]; then exit "$night"; fi
exit "$prepared"
