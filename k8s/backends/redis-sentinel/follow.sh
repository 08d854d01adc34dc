#!/bin/sh
# Prints whom this Redis follows, in the form of redis.conf, as the Sentinels say it: at the first start too, so that a
# primary that comes back late does not take itself for one. Waits until two of them agree to answer.
set -eu
secrets=${ROOT:-}/run/secrets/users
data=${ROOT:-}/data
self=${SELF:-$(hostname)${DOMAIN:+.$DOMAIN}}

# `epoch primary replicas` as one Sentinel knows them
primary_of() {
  # shellcheck disable=SC2086 # flags are several words
  REDISCLI_AUTH=none timeout 3 redis-cli --user health ${REDIS_CLI_FLAGS:-} -h "$1" -p 26379 sentinel master mymaster 2>/dev/null |
    awk 'NR % 2 { field = $0; next } { value[field] = $0 }
      END { if (value["ip"] != "") print value["config-epoch"], value["ip"], value["num-slaves"] }'
}

# Of the latest failover; nothing unless two Sentinels answer. A node without data is not the primary, though it was
# named so before it lost them: the others would follow it and lose theirs. They have another one within seconds.
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
  [ "$left" -gt 0 ] || { echo "follow.sh: the Sentinels name no primary that $self could follow or be" >&2; exit 1; }
  sleep 1
done

printf 'replica-announce-ip %s\n' "$self"
[ "$host" = "$self" ] || printf 'replicaof %s 6379\n' "$host"
printf 'masterauth "%s"\n' "$(sed 's/[\\"]/\\&/g' "$secrets/peer/password")"
