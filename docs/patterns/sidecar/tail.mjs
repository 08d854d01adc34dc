// Sidecar: follows a log file that another container writes, and prints each line once, through rotation.
// Usage: node tail.mjs FILE
import { open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const path = process.argv[2];
const chunk = Buffer.alloc(65_536);
let file; // an open handle still reads a file that was renamed or deleted
let position = 0;
let partialLine = Buffer.alloc(0);
let isStopping = false;
process.once('SIGTERM', () => (isStopping = true));

for (;;) {
  // read the flag first: after SIGTERM one more round ships the lines that the application wrote at its end
  const isLastRound = isStopping;
  await shipNewLines();
  if (isLastRound) break;
  await sleep(250);
}

async function shipNewLines() {
  file ??= await open(path).catch(() => undefined); // not there yet: try again in the next round
  if (file === undefined) return;
  await readToEnd();

  const [opened, named] = await Promise.all([file.stat(), stat(path).catch(() => undefined)]);
  if (named === undefined) return; // renamed, and the next file is not there yet
  if (named.ino !== opened.ino) {
    await readToEnd(); // lines that came between the read above and the rotation
    await file.close();
    [file, position] = [undefined, 0];
    await shipNewLines();
  } else if (opened.size < position) {
    position = 0; // truncated in place: begin again
  }
}

async function readToEnd() {
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    const bytes = Buffer.concat([partialLine, chunk.subarray(0, bytesRead)]);
    const end = bytes.lastIndexOf('\n') + 1;
    process.stdout.write(bytes.subarray(0, end));
    partialLine = bytes.subarray(end); // a line counts when its newline is written
  }
}
