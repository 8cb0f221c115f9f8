#!/bin/sh
# What stands between a fresh clone and `npm start`, told in a line instead of by the trace of a module that is not found.
if [ ! -f dist/src/cli/main.js ]; then
  echo 'Nothing is installed or built here yet: run npm ci, then this again.' >&2
  exit 2
fi
