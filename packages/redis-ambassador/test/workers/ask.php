<?php
// Reads commands as lines, and prints the result of phpredis for each: its value as JSON, or `exception: …`.
$redis = new Redis();
$redis->connect('127.0.0.1', (int) $argv[1]);
while (($line = fgets(STDIN)) !== false) {
    [$method, $key] = explode(' ', trim($line));
    try {
        echo json_encode($redis->$method($key)), "\n";
    } catch (RedisException $exception) {
        echo 'exception: ', $exception->getMessage(), "\n";
    }
}
