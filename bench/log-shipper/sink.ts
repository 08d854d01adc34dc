import { discardFluent, discardHttp, discardSyslog } from '../../packages/log-shipper/testing/discard.ts';

/**
 * Sinks that discard everything, in their own process. They send their parent their ports and, on request, the amount
 * received, the time of the last data, and the delay of lines with `"sentAt":<ms>`.
 */
let bytes = 0;
let lines = 0;
let requests = 0;
let lastAtMs = 0;
let latencies: number[] = [];
const mark = Buffer.from('"sentAt":');

function take(chunk: Buffer): void {
  bytes += chunk.length;
  lastAtMs = performance.timeOrigin + performance.now();
}

function takeLines(chunk: Buffer): void {
  take(chunk);
  for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
  // one line is measured for its whole piece: the lines arrived together
  for (let at = chunk.indexOf(mark); at >= 0 && at + 40 < chunk.length; at = chunk.indexOf(mark, at + 2000)) {
    const sentAt = Number.parseFloat(chunk.toString('latin1', at + mark.length, at + mark.length + 20));
    latencies.push(lastAtMs - sentAt);
  }
}

process.on('message', (message) => {
  if (message === 'reset') {
    bytes = lines = requests = 0;
    latencies = [];
  }
  process.send?.({ bytes, lines, requests, lastAtMs, latencies });
});
const http = await discardHttp(takeLines, () => requests++);
const [syslog, fluent] = await Promise.all([discardSyslog(take), discardFluent(take)]);
process.send?.({ http: http.port, syslog: syslog.port, fluent: fluent.port });
