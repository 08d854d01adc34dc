// Runs in a pod, by `node -e`: requests URL RATE times per second, in turn on a kept connection and on
// a new one, and prints a line per answer: `<status> <milliseconds> <request id>`, or `error <milliseconds> <code>`.
// It never retries. It ends at SIGTERM, when all requests are answered.
import { Agent, request } from 'node:http';

const { URL: url = '', METHOD: method = 'GET', RATE: rate = '60' } = process.env;
const agents = [new Agent({ keepAlive: true, maxSockets: 16 }), new Agent({ keepAlive: false })];
let asked = 0;
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
  asked += 1;
  const sent = request(url, { method, agent: agents[asked % agents.length], timeout: 30_000 });
  sent.once('response', (response) => {
    response.resume();
    response.once('end', () => tell(response.statusCode, response.headers['x-request-id'] ?? '-'));
    response.once('error', (error) => tell('error', error.code));
  });
  sent.once('timeout', () => sent.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
  sent.once('error', (error) => tell('error', error.code));
  sent.end();
}

function end() {
  for (const agent of agents) agent.destroy();
  console.log('done');
}

// nodes learn of a new Service one by one: requests count once it works
const isThere = () =>
  new Promise((resolve) => {
    const sent = request(url, { agent: false, timeout: 1000 }, (response) => resolve(response.resume()));
    sent.once('timeout', () => sent.destroy());
    sent.once('error', () => setTimeout(resolve, 100));
    sent.end();
  });
while ((await isThere()) === undefined);

const timer = setInterval(ask, 1000 / Number(rate));
process.once('SIGTERM', () => {
  isEnding = true;
  clearInterval(timer);
  if (open === 0) end();
});
