// Init: ends with 0 when a TCP connection to every target succeeds; else says why not, and ends with 124.
// Usage: node wait-for.mjs HOST:PORT [HOST:PORT …]
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const tryTimeoutMs = 1_000;
const intervalMs = 500;
const timeoutMs = Number(process.env.TIMEOUT_MS ?? 60_000);
const deadline = AbortSignal.timeout(timeoutMs);
process.once('SIGTERM', () => process.exit(143));

const results = await Promise.all(process.argv.slice(2).map(waitFor));
process.exitCode = results.every(Boolean) ? 0 : 124;

async function waitFor(target) {
  let lastReason;
  while (!deadline.aborted) {
    const reason = await tryOnce(target);
    if (reason === undefined) {
      process.stderr.write(`${target}: ready\n`);
      return true;
    }
    if (reason !== lastReason) process.stderr.write(`${target}: ${reason}\n`); // each reason once
    lastReason = reason;
    await sleep(intervalMs, undefined, { signal: deadline }).catch(() => {});
  }
  process.stderr.write(`${target}: not ready after ${timeoutMs} ms, last: ${lastReason}\n`);
  return false;
}

/** Resolves with undefined, or with the reason why the connection failed. */
async function tryOnce(target) {
  const [host, port] = target.split(':');
  const socket = connect({ host, port: Number(port) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.any([deadline, AbortSignal.timeout(tryTimeoutMs)]) });
    return undefined;
  } catch (error) {
    return error.code ?? error.cause?.message ?? error.message; // ECONNREFUSED, ENOTFOUND, …
  } finally {
    socket.destroy();
  }
}
