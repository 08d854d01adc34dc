#!/bin/sh
# Prints the users of users.acl in the form that Redis reads, each with the SHA-256 of its passwords. A user can have
# several at a time: one a file. Without a file there is no way to log in as that user.
set -eu
umask 077
etc=${ROOT:-}/etc/redis
secrets=${ROOT:-}/run/secrets/users
run=${ROOT:-}/run/redis

hash_of() {
  hash=$(printf %s "$1" | sha256sum)
  printf '#%s' "${hash%% *}"
}

# the last line may lack its end
while read -r word name rules || [ -n "$word" ]; do
  [ "$word" = user ] || continue
  for file in "$secrets/$name"/*; do
    [ -f "$file" ] || continue
    password=$(cat "$file")
    [ -n "$password" ] || { echo "users.sh: $file is empty" >&2; exit 1; }
    rules="$rules $(hash_of "$password")"
  done
  printf 'user %s %s\n' "$name" "$rules"
done <"$etc/users.acl"

# For reload.sh alone. The password is made here, and lies in the memory of this container and nowhere else.
[ -s "$run/reload-password" ] || od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$run/reload-password"
may='+acl|load'
[ ! -e "$etc/extra-tls.conf" ] || may="$may +config|set"
printf 'user reload on %s %s\n' "$(hash_of "$(cat "$run/reload-password")")" "$may"
