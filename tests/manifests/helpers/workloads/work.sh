# A program that uses only localhost and one folder: it counts in Redis and by StatsD, and writes a log.
# It fails if Redis does not answer the first command. With `stay` it runs until SIGTERM.
log() { printf '{"line":%d,"counted":"%s"}\n' "$1" "$2" >>/var/log/app/app.log; }
for line in $(seq 100); do
  counted=$(printf 'INCR work\r\nQUIT\r\n' | nc 127.0.0.1 6379 | tr -d '\r' | head -n 1)
  case $counted in :*) log "$line" "$counted" ;; *) echo "Redis said: $counted" >&2 && exit 1 ;; esac
done
printf 'work.lines:100|c\n' | nc 127.0.0.1 8125
[ "$1" = stay ] || exit 0
trap 'exit 0' TERM
while :; do
  sleep 1 &
  wait $!
done
