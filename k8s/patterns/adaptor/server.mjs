// A web server that counts its page views the StatsD way: a datagram to localhost, and forget it.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';

const statsd = createSocket('udp4');
const count = (page) => statsd.send(`web.page_views:1|c|#page:${page}`, 8125, '127.0.0.1', () => {});

const server = createServer((request, response) => {
  if (request.url === '/healthz') return response.end('ok\n');
  const page = /^\/([a-z0-9-]{1,64})$/.exec(request.url)?.[1] ?? 'home';
  count(page);
  response.end(`this is ${page}\n`);
});
server.listen(8080);

process.on('SIGTERM', () => {
  server.close(() => statsd.close());
  server.closeIdleConnections();
});
