// Runs in a pod, by `node -e`: asks URL over and over on connections that are kept, RATE times a second, and prints a
// line an answer: `<status> <milliseconds> <request id>`, or `error <milliseconds> <code>`. Ends at SIGTERM when all
// is answered. An answer that says so has its connection closed; none is asked twice.
import { Agent, request } from 'node:http';

const { URL: url = '', METHOD: method = 'GET', RATE: rate = '60' } = process.env;
const agent = new Agent({ keepAlive: true, maxSockets: 16 });
let open = 0;
let isEnding = false;

function ask() {
  const since = performance.now();
  const tell = (word, last) => {
    console.log(`${word} ${Math.round(performance.now() - since)} ${last}`);
    open -= 1;
    if (isEnding && open === 0) end();
  };
  open += 1;
  const asked = request(url, { method, agent, timeout: 30_000 });
  asked.once('response', (response) => {
    response.resume();
    response.once('end', () => tell(response.statusCode, response.headers['x-request-id'] ?? '-'));
    response.once('error', (error) => tell('error', error.code));
  });
  asked.once('timeout', () => asked.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
  asked.once('error', (error) => tell('error', error.code));
  asked.end();
}

function end() {
  agent.destroy();
  console.log('done');
}

const timer = setInterval(ask, 1000 / Number(rate));
process.once('SIGTERM', () => {
  isEnding = true;
  clearInterval(timer);
  if (open === 0) end();
});
