#!/usr/bin/env bash
# Starts whatever a container of this image is told to, with what a learner needs in its environment.
. /opt/millrace/conf/environment.sh
exec /docker-entrypoint.sh "$@"
