#!/bin/sh
# Makes the running Redis load changed passwords and certificates; open connections stay.
#   reload.sh          runs beside Redis forever: compares the mounted files with the loaded ones every 5 s
#   reload.sh app=2    waits until Redis has 2 passwords of the user app; a changed Secret arrives within 2 minutes
set -u
umask 077
etc=${ROOT:-}/etc/redis
run=${ROOT:-}/run/redis

# through the socket, which needs no certificate while certificates change
ask_redis() {
  REDISCLI_AUTH=$(cat "$run/reload-password") timeout 10 \
    redis-cli -s "$run/redis.sock" --user reload "$@" 2>&1 || echo 'no answer within 10 s'
}

passwords_of() {
  grep "^user $1 " "$run/users.loaded" 2>/dev/null | tr ' ' '\n' | grep -c '^#'
}

count() {
  [ "$2" -eq 1 ] && echo "$1: 1 password" || echo "$1: $2 passwords"
}

take_users() {
  sh "$etc/users.sh" >"$run/users.next" || return
  cmp -s "$run/users.next" "$run/users.loaded" && return
  # the kubelet replaces the files one by one; it has finished when nothing changes for a second
  sleep 1
  sh "$etc/users.sh" | cmp -s - "$run/users.next" || return 0
  mv "$run/users.next" "$run/users.acl"
  answer=$(ask_redis ACL LOAD)
  [ "$answer" = OK ] || { echo "Redis keeps its users: $answer" >&2; return 1; }
  cp "$run/users.acl" "$run/users.loaded"
  for user in $(cut -d ' ' -f 2 "$run/users.loaded"); do
    number=$(passwords_of "$user")
    [ "$number" -eq 0 ] || [ "$user" = reload ] || count "$user" "$number" >&3
  done
}

take_certificates() {
  settings=$(grep -hE '^tls-(cert|key|ca-cert)-file ' "$etc/extra-tls.conf" 2>/dev/null) || return 0
  sum=$(cat $(echo "$settings" | cut -d ' ' -f 2) | sha256sum)
  [ "$sum" = "$(cat "$run/certificates.loaded" 2>/dev/null)" ] && return
  # Redis reloads the files although their names are unchanged: all of them or none
  answer=$(ask_redis CONFIG SET $settings)
  [ "$answer" = OK ] || { echo "Redis keeps its certificate: $answer" >&2; return 1; }
  echo "$sum" >"$run/certificates.loaded"
  echo 'certificate loaded' >&3
}

watch_files() {
  rm -f "$run"/*.loaded
  exec 3>&1
  last=
  while sleep "${EVERY:-5}"; do
    fault=$({ take_users; take_certificates; } 2>&1 >&3 | head -n 1)
    [ "$fault" = "$last" ] || [ -z "$fault" ] || echo "reload.sh: $fault" >&2
    last=$fault
    echo "$fault" >"$run/fault"
  done
}

wait_for() {
  user=${1%%=*} wanted=${1#*=} left=${DEADLINE:-180}
  until number=$(passwords_of "$user"); [ "$number" -eq "$wanted" ]; do
    if [ "$left" -le 0 ]; then
      echo "reload.sh: $(count "$user" "$number") after ${DEADLINE:-180} s, not $wanted. $(cat "$run/fault" 2>/dev/null)" >&2
      exit 1
    fi
    left=$((left - 1))
    sleep 1
  done
  count "$user" "$number"
}

case ${1:-} in
  '') watch_files ;;
  [a-z]*=[0-9]) wait_for "$1" ;;
  *) echo "usage: reload.sh [USER=COUNT], not $1" >&2; exit 2 ;;
esac
