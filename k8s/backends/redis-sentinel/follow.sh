#!/bin/sh
# Prints the primary that this Redis follows, in the format of redis.conf. It asks the Sentinels at every start, so that
# an old primary that comes back late becomes a replica. Waits until two of them answer.
set -eu
secrets=${ROOT:-}/run/secrets/users
data=${ROOT:-}/data
self=${SELF:-$(hostname)${DOMAIN:+.$DOMAIN}}

# prints `epoch primary replicas` from one Sentinel
primary_of() {
  # shellcheck disable=SC2086 # flags are several words
  REDISCLI_AUTH=none timeout 3 redis-cli --user health ${REDIS_CLI_FLAGS:-} -h "$1" -p 26379 sentinel master mymaster 2>/dev/null |
    awk 'NR % 2 { field = $0; next } { value[field] = $0 }
      END { if (value["ip"] != "") print value["config-epoch"], value["ip"], value["num-slaves"] }'
}

# Prints the primary of the latest failover, if two Sentinels answer. If that is this server and it has lost its data, it
# waits: the replicas would copy its empty data. The Sentinels promote another server within seconds.
primary() {
  answers=$(for sentinel in $SENTINELS; do primary_of "$sentinel"; done | sort -rn)
  [ "$(echo "$answers" | wc -l)" -ge 2 ] || return 1
  read -r _ host replicas <<EOF
$answers
EOF
  [ "$host" != "$self" ] || [ "$replicas" -eq 0 ] || [ -e "$data/appendonlydir" ] || return 1
  echo "$host"
}

left=${DEADLINE:-120}
until host=$(primary); do
  left=$((left - 1))
  [ "$left" -gt 0 ] || { echo "follow.sh: the Sentinels name no primary that $self can follow" >&2; exit 1; }
  sleep 1
done

printf 'replica-announce-ip %s\n' "$self"
[ "$host" = "$self" ] || printf 'replicaof %s 6379\n' "$host"
printf 'masterauth "%s"\n' "$(sed 's/[\\"]/\\&/g' "$secrets/peer/password")"
