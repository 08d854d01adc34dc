import express from 'express';
import { Redis } from 'ioredis';

/**
 * The peer of the web benchmark: the same three requests with Express alone. It has no log, metrics, request ids or
 * problem details, and counts views in Redis without an ambassador.
 */
const [listenPort = 0, redisPort = 6379] = process.argv.slice(2).map(Number);
// the application's login, and its one permitted hash
const redis = new Redis(redisPort, { username: 'app', password: process.env['REDIS_PASSWORD'] ?? '' });
const page = `<!doctype html><title>bare</title><p>${'x'.repeat(400)}</p>`;

const app = express();
app.get('/', async (_, response) => {
  await redis.hincrby('views', 'home', 1);
  response.set('content-type', 'text/html; charset=utf-8').end(page);
});
app.get('/api/info', (_, response) => {
  response.json({ name: 'bare', version: '1', node: process.version, startedAt: 'now', pod: {} });
});
app.post('/api/views/:page', async (request, response) => {
  const { page: name } = request.params;
  response.json({ page: name, views: await redis.hincrby('views', name, 1) });
});
app.listen(listenPort, '127.0.0.1', () => console.log('listening'));
