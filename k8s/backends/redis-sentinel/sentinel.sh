#!/bin/sh
# Prints the configuration of a Sentinel: settings, what the one before it knew (a Sentinel writes its state into its
# configuration), and the passwords of now. It has the same id for good, so that the others never count it twice.
set -eu
etc=${ROOT:-}/etc/redis
state=${ROOT:-}/data/sentinel.conf
self=${SELF:-$(hostname)${DOMAIN:+.$DOMAIN}}
password=$(sed 's/[\\"]/\\&/g' "${ROOT:-}/run/secrets/users/peer/password")

cat "$etc/sentinel.conf"
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
