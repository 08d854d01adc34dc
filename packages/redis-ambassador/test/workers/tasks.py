"""RQ and Celery jobs that record each run, and the programs that enqueue them: tasks.py rq|celery ID..."""
import os
import sys

import redis
from celery import Celery
from rq import Queue

url = os.environ['REDIS_URL']
app = Celery('tasks', broker=url)
app.conf.task_ignore_result = True


def note(job):
    redis.Redis.from_url(url).incr('done:' + job)


@app.task
def note_by_celery(job):
    note(job)


if __name__ == '__main__':
    queue = Queue('jobs', connection=redis.Redis.from_url(url))
    for job in sys.argv[2:]:
        if sys.argv[1] == 'rq':
            queue.enqueue('tasks.note', job)
        else:
            Celery.send_task(app, 'tasks.note_by_celery', [job])
