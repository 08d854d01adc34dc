#!/bin/sh
# Prints the users of users.acl in the form that Redis reads, each with the SHA-256 of its passwords. A user can have
# several at a time: one a file. Without a file there is no way to log in as that user.
set -eu
users=${1:-/etc/redis/users.acl}
secrets=${2:-/run/secrets/users}

# the last line may lack its end
while read -r word name rules || [ -n "$word" ]; do
  [ "$word" = user ] || continue
  for file in "$secrets/$name"/*; do
    [ -f "$file" ] || continue
    password=$(cat "$file")
    [ -n "$password" ] || { echo "users.sh: $file is empty" >&2; exit 1; }
    hash=$(printf %s "$password" | sha256sum)
    rules="$rules #${hash%% *}"
  done
  printf 'user %s %s\n' "$name" "$rules"
done <"$users"
