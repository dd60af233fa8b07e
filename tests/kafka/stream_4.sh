#!/bin/sh
# The stream with stream.sh with a broker of Kafka 4, whose protocol has lost its oldest parts.
KAFKA_VERSION=4.1.1
export KAFKA_VERSION
exec sh "$(dirname "$0")/stream.sh" "$@"
