"""Reads commands as lines, and prints the result of redis-py for each: its value, or its error and that error's base classes."""
import sys

import redis

client = redis.Redis(port=int(sys.argv[1]))
for line in sys.stdin:
    try:
        print(client.execute_command(*line.split()), flush=True)
    except redis.RedisError as error:
        print(*(kind.__name__ for kind in type(error).__mro__), error, flush=True)
