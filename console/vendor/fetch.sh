#!/bin/sh
# Fetch the libraries of the console anew, by npm, into this folder:
#
#     console/vendor/fetch.sh
#
# What is kept is the ES module that each package publishes, with one change: an import by
# a bare name becomes one by path, because the console has no build step and its policy
# allows no import map within the page.  SHA256SUMS says what has been checked in.
set -eu
cd "$(dirname "$0")"
PREACT=10.29.8 HTM=3.1.1 UPLOT=1.6.32

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
npm install --prefix "$place" --no-audit --no-fund --no-save --ignore-scripts --silent \
    "preact@$PREACT" "htm@$HTM" "uplot@$UPLOT"

# take FROM TO: without the pointer to a map that is not served.
take() {
    sed -e '/^\/\/# sourceMappingURL=/d' -e 's|from"preact"|from"./preact.js"|g' \
        "$place/node_modules/$1" >"$2"
}
take preact/dist/preact.module.js preact.js
take preact/hooks/dist/hooks.module.js hooks.js
take htm/dist/htm.module.js htm.js
take uplot/dist/uPlot.esm.js uplot.js
take uplot/dist/uPlot.min.css uplot.css
for package in preact htm uplot; do
    cp "$place/node_modules/$package/LICENSE" "LICENSE.$package"
done
sha256sum ./*.js ./*.css LICENSE.* >SHA256SUMS
cat >VERSIONS <<versions
preact $PREACT MIT https://preactjs.com preact.js hooks.js
htm $HTM Apache-2.0 https://github.com/developit/htm htm.js
uplot $UPLOT MIT https://github.com/leeoniya/uPlot uplot.js uplot.css
versions
