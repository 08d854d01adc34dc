#!/bin/sh
# Runs one node of a Redis Cluster. The name $NODES resolves to the addresses of all nodes.
#   cluster.sh settings           prints this node's own address and credentials, in the format of redis.conf
#   cluster.sh join               runs beside Redis forever: finds the other nodes at their present addresses
#   cluster.sh form COUNT         assigns the slots to half of COUNT nodes, and makes the others replicas; once
#   cluster.sh grow NODE REPLICA  gives a node its share of the slots and a replica; both must have joined
set -eu
secrets=${ROOT:-}/run/secrets/users

# sends a command to a node as the user `peer`: ask HOST COMMAND...
ask() {
  host=$1
  shift
  # shellcheck disable=SC2086 # flags are several words
  REDISCLI_AUTH=$(cat "$secrets/peer/password") timeout 10 redis-cli --user peer ${REDIS_CLI_FLAGS:-} -h "$host" "$@" 2>&1
}

addresses() {
  getent ahosts "$NODES" | awk '!seen[$1]++ { print $1 }'
}

# prints `id host flags primary slots` for each node that a node knows; `-` stands for no slots
nodes_of() {
  ask "$1" cluster nodes | awk 'NF >= 8 { split($2, at, ","); print $1, (at[2] == "" ? "-" : at[2]), $3, $4, (NF > 8 ? "slots" : "-") }'
}

settings() {
  address=$(getent hosts "$(hostname)")
  printf 'cluster-announce-ip %s\ncluster-announce-hostname %s\n' "${address%% *}" "$(hostname)"
  printf 'masterauth "%s"\n' "$(sed 's/[\\"]/\\&/g' "$secrets/peer/password")"
}

# Introduces this node to every address that it does not know yet.
meet() {
  known=$(ask 127.0.0.1 cluster nodes) || return 0
  for address in $(addresses); do
    case $known in *" $address:6379@"*) continue ;; esac
    ask 127.0.0.1 cluster meet "$address" 6379 >/dev/null
  done
}

# A node that has lost its data is a new node to the Cluster, with the same name. If the old node has failed and has
# no slots left, this one becomes a replica of the primary with the fewest, and the Cluster forgets the old one.
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
    echo "cluster.sh: replaces $old, as a replica of $primary"
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
    [ "$left" -gt 0 ] || { echo "cluster.sh: timed out waiting for: $*" >&2; exit 1; }
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

# all slots are assigned, and every primary has some
is_formed() {
  is_served && [ -z "$(nodes_of "$any" | awk '$3 ~ /master/ && $5 == "-"')" ]
}

form() {
  count=$1 primaries=$(($1 / 2)) at=0
  until_true 120 resolve_any
  ! is_formed || { echo 'all slots are already served'; return; }
  until_true 120 have_joined "$count"
  for node in $(nodes_of "$any" | sort -k 2 | cut -d ' ' -f 1,2 --output-delimiter=/); do
    id=${node%/*} host=${node#*/}${DOMAIN:+.$DOMAIN}
    if [ "$at" -lt "$primaries" ]; then
      # after an interruption the Job begins again: a node refuses slots that it already has, which is fine
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
  [ -n "$primary" ] || { echo "cluster.sh: no primary $1 has joined the Cluster" >&2; exit 1; }
  until_true 60 replicate "$2${DOMAIN:+.$DOMAIN}" "$primary"
  # shellcheck disable=SC2086 # flags are several words
  REDISCLI_AUTH=$(cat "$secrets/peer/password") redis-cli --user peer ${REDIS_CLI_FLAGS:-} \
    --cluster rebalance "$any:6379" --cluster-use-empty-masters >/dev/null
  echo "$1 has its share of the slots, $2 is its replica"
}

case ${1:-} in
  settings | join) "$1" ;;
  form) form "${2:?how many nodes}" ;;
  grow) grow "${2:?which node}" "${3:?which replica}" ;;
  *) echo "usage: cluster.sh settings | join | form COUNT | grow NODE REPLICA" >&2; exit 2 ;;
esac
