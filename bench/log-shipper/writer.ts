import { openSync, writeSync } from 'node:fs';

/** Writes lines to a file at a steady rate, one write for each line: `writer.ts FILE LINES_PER_SECOND SECONDS`. */
const [file = '', rate = '10000', seconds = '10'] = process.argv.slice(2);
const out = openSync(file, 'a');
const startMs = performance.now();
const endMs = startMs + Number(seconds) * 1000;
const filler = 'x'.repeat(60);
let written = 0;

const timer = setInterval(() => {
  const nowMs = performance.now();
  const due = Math.floor(((Math.min(nowMs, endMs) - startMs) / 1000) * Number(rate));
  for (; written < due; written++) {
    const sentAt = (performance.timeOrigin + performance.now()).toFixed(3);
    writeSync(out, `{"sentAt":${sentAt},"id":${written},"msg":"${filler}"}\n`);
  }
  if (nowMs >= endMs) clearInterval(timer);
}, 1);
