#!/bin/sh
# The repository brings the Node it was built for, whichever the machine has.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd)
node=$here/node_modules/.bin/node
if [ ! -x "$node" ]; then
  echo "rushhour: its packages are missing; run: npm ci" >&2
  exit 1
fi
exec "$node" "$here/cli/rushhour.ts" "$@"
