#!/bin/sh
#   sentinel.sh          prints the configuration of a Sentinel: settings, its earlier state (a Sentinel keeps it in its
#                        configuration) and the present passwords
#   sentinel.sh watch    runs beside the Sentinel forever: ends it when a password or certificate changes. The Sentinel
#                        restarts at once and reads them; the servers that it watches are not affected.
set -eu
etc=${ROOT:-}/etc/redis
state=${ROOT:-}/data/sentinel.conf
secrets=${ROOT:-}/run/secrets
self=${SELF:-$(hostname)${DOMAIN:+.$DOMAIN}}

settings() {
  password=$(sed 's/[\\"]/\\&/g' "$secrets/users/peer/password")
  cat "$etc/sentinel.conf"
  # always the same id, so that the others do not count it twice
  echo "sentinel myid $(printf %s "$self" | sha1sum | cut -c 1-40)"
  echo "sentinel announce-ip $self"
  grep -E '^sentinel (monitor|current-epoch) ' "$state" 2>/dev/null || echo "sentinel monitor mymaster $FIRST 6379 2"
  cat <<EOF
sentinel down-after-milliseconds mymaster 5000
sentinel failover-timeout mymaster 15000
sentinel auth-user mymaster peer
sentinel auth-pass mymaster "$password"
sentinel sentinel-user peer
sentinel sentinel-pass "$password"
EOF
  grep -E '^sentinel (config-epoch|leader-epoch|known-replica|known-sentinel) ' "$state" 2>/dev/null || true
}

sum_of_files() {
  cat "$secrets"/users/peer/* "$secrets"/redis-tls/* 2>/dev/null | sha256sum
}

watch_files() {
  # the configuration was written just before: a change in between is noticed with the next one
  before=$(sum_of_files)
  while [ "$(sum_of_files)" = "$before" ]; do sleep "${EVERY:-5}"; done
  # one after the other, so that two of three are always up
  number=${self%%.*}
  sleep $((${number##*-} * 10))
  echo 'sentinel.sh: a password or certificate has changed, restarting the Sentinel'
  kill -TERM 1
}

case ${1:-} in
  '') settings ;;
  watch) watch_files ;;
  *) echo "usage: sentinel.sh [watch], not $1" >&2; exit 2 ;;
esac
