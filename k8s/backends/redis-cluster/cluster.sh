#!/bin/sh
# One node of a Redis Cluster among those that the name $NODES has as its addresses.
#   cluster.sh settings           prints what this node says of itself, in the form of redis.conf
#   cluster.sh join               beside Redis, for ever: finds the others, whatever their addresses are now
#   cluster.sh form COUNT         shares the slots among half of COUNT nodes, the others are replicas; once
#   cluster.sh grow NODE REPLICA  gives a node its part of the slots, and a replica; both have joined
set -eu
secrets=${ROOT:-}/run/secrets/users

# asks a node as `peer`: ask HOST COMMAND...
ask() {
  host=$1
  shift
  # shellcheck disable=SC2086 # flags are several words
  REDISCLI_AUTH=$(cat "$secrets/peer/password") timeout 10 redis-cli --user peer ${REDIS_CLI_FLAGS:-} -h "$host" "$@" 2>&1
}

addresses() {
  getent ahosts "$NODES" | awk '!seen[$1]++ { print $1 }'
}

# `id host flags primary slots` of each node that a node knows; one without slots has `-`
nodes_of() {
  ask "$1" cluster nodes | awk 'NF >= 8 { split($2, at, ","); print $1, (at[2] == "" ? "-" : at[2]), $3, $4, (NF > 8 ? "slots" : "-") }'
}

settings() {
  address=$(getent hosts "$(hostname)")
  printf 'cluster-announce-ip %s\ncluster-announce-hostname %s\n' "${address%% *}" "$(hostname)"
  printf 'masterauth "%s"\n' "$(sed 's/[\\"]/\\&/g' "$secrets/peer/password")"
}

# Makes itself known to those whom this node does not know, or by an address that is theirs no more.
meet() {
  known=$(ask 127.0.0.1 cluster nodes) || return 0
  for address in $(addresses); do
    case $known in *" $address:6379@"*) continue ;; esac
    ask 127.0.0.1 cluster meet "$address" 6379 >/dev/null
  done
}

# A node that has lost its data is another one to the Cluster, of the same name. When the old one has failed, and its
# slots are another's, this one follows the primary with the fewest replicas, and the old one is forgotten.
replace() {
  is_blank || return 0
  for address in $(addresses); do
    nodes_of "$address" | awk -v name="$(hostname)" '
      $3 ~ /fail(,|$)/ { if ($2 == name && $5 == "-") old = $1; next }
      $3 ~ /master/ && $5 == "slots" { replicas[$1] += 0 }
      $3 ~ /slave/ { replicas[$4] += 1 }
      END {
        for (one in replicas) if (best == "" || replicas[one] < replicas[best]) best = one
        if (old != "" && best != "") print old, best
      }'
  done | sort -u | while read -r old primary; do
    [ "$(ask 127.0.0.1 cluster replicate "$primary")" = OK ] || continue
    for address in $(addresses); do ask "$address" cluster forget "$old" >/dev/null; done
    echo "cluster.sh: takes the place of $old, follows $primary"
  done
}

is_blank() {
  nodes_of 127.0.0.1 | awk '$3 ~ /myself/ { blank = $3 ~ /master/ && $5 == "-" } END { exit !blank }'
}

join() {
  while sleep "${EVERY:-2}"; do
    meet
    replace
  done
}

# waits until a command succeeds: until_true SECONDS COMMAND...
until_true() {
  left=$1
  shift
  until "$@"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "cluster.sh: waited in vain for: $*" >&2; exit 1; }
    sleep 1
  done
}

resolve_any() {
  any=$(addresses | head -n 1)
  [ -n "$any" ]
}

have_joined() {
  for address in $(addresses); do
    [ "$(nodes_of "$address" | awk '$2 != "-" && $3 !~ /fail|handshake|noaddr/' | wc -l)" -eq "$1" ] || return 1
  done
  [ "$(addresses | wc -l)" -eq "$1" ]
}

is_served() {
  for address in $(addresses); do
    ask "$address" cluster info | grep -q '^cluster_state:ok' || return 1
    ask "$address" cluster info | grep -q '^cluster_slots_assigned:16384' || return 1
  done
}

replicate() {
  [ "$(ask "$1" cluster replicate "$2")" = OK ]
}

# all slots are given, and no node is left without a part
is_formed() {
  is_served && [ -z "$(nodes_of "$any" | awk '$3 ~ /master/ && $5 == "-"')" ]
}

form() {
  count=$1 primaries=$(($1 / 2)) at=0
  until_true 120 resolve_any
  ! is_formed || { echo 'all slots are served already'; return; }
  until_true 120 have_joined "$count"
  for node in $(nodes_of "$any" | sort -k 2 | cut -d ' ' -f 1,2 --output-delimiter=/); do
    id=${node%/*} host=${node#*/}${DOMAIN:+.$DOMAIN}
    if [ "$at" -lt "$primaries" ]; then
      # a Job that was interrupted begins again: what a node has already is refused, and right
      ask "$host" cluster addslotsrange $((at * 16384 / primaries)) $(((at + 1) * 16384 / primaries - 1)) >/dev/null
      ids="${ids:-} $id"
    else
      # shellcheck disable=SC2086 # a list of ids
      set -- $ids
      shift $((at - primaries))
      until_true 60 replicate "$host" "$1"
    fi
    at=$((at + 1))
  done
  until_true 60 is_served
  echo "$primaries primaries, $((count - primaries)) replicas: all slots are served"
}

grow() {
  until_true 10 resolve_any
  primary=$(nodes_of "$any" | awk -v name="$1" '$2 == name && $3 ~ /master/ { print $1 }')
  [ -n "$primary" ] || { echo "cluster.sh: no node $1 that could take slots has joined" >&2; exit 1; }
  until_true 60 replicate "$2${DOMAIN:+.$DOMAIN}" "$primary"
  # shellcheck disable=SC2086 # flags are several words
  REDISCLI_AUTH=$(cat "$secrets/peer/password") redis-cli --user peer ${REDIS_CLI_FLAGS:-} \
    --cluster rebalance "$any:6379" --cluster-use-empty-masters >/dev/null
  echo "$1 has its part of the slots, $2 follows it"
}

case ${1:-} in
  settings | join) "$1" ;;
  form) form "${2:?how many nodes}" ;;
  grow) grow "${2:?which node}" "${3:?which replica}" ;;
  *) echo "usage: cluster.sh settings | join | form COUNT | grow NODE REPLICA" >&2; exit 2 ;;
esac
