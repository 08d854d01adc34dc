#!/bin/sh
# Prints the users of users.acl in the format of Redis, each with the SHA-256 of its passwords. A user can have several,
# one per file. A user without a file cannot log in.
set -eu
umask 077
etc=${ROOT:-}/etc/redis
secrets=${ROOT:-}/run/secrets/users
run=${ROOT:-}/run/redis

hash_of() {
  hash=$(printf %s "$1" | sha256sum)
  printf '#%s' "${hash%% *}"
}

# the last line may lack its newline
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

# For reload.sh only. The password is created here, and exists only in the memory of this container.
[ -s "$run/reload-password" ] || od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$run/reload-password"
may='+acl|load'
[ ! -e "$etc/extra-tls.conf" ] || may="$may +config|set"
printf 'user reload on %s %s\n' "$(hash_of "$(cat "$run/reload-password")")" "$may"
