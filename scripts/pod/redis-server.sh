#!/bin/sh
# Prints the path of this machine's Redis (or Valkey) server. If there is none, root on Debian installs one from its
# packages; elsewhere the error says what to install. Plain sh, because `make up` runs it before Node is installed.
PATH=$PATH:/usr/sbin:/sbin

found() {
  command -v redis-server || command -v valkey-server
}

found && exit
if [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ]; then
  echo 'Redis is not installed: installing redis-server with apt-get' >&2
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >/dev/null 2>&1
  apt-get install -y -qq --no-install-recommends redis-server >/dev/null 2>&1
  found && exit
fi
echo 'make up: the pod needs a Redis: install redis-server or valkey-server (apt-get install redis-server, brew install valkey), or start Docker' >&2
exit 1
