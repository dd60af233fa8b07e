#!/bin/sh
# The scores of scores.sh with a broker of Kafka 4, whose protocol has lost its oldest parts.
KAFKA_VERSION=4.1.1
export KAFKA_VERSION
exec sh "$(dirname "$0")/scores.sh" "$@"
