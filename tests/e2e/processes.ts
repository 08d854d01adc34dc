import type { Kubectl } from './kubectl.ts';

/** A crash, or a program that hangs. */
export type Signal = 'SIGKILL' | 'SIGSTOP';

/** Finds the program of a container, which is the child of its init, and sends it a signal. Runs in the image's Node.js. */
const tell = (name: Signal) => `
const fs = require('node:fs');
for (const pid of fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name))) {
  let stat = '';
  try { stat = fs.readFileSync('/proc/' + pid + '/stat', 'utf8'); } catch {}
  if (stat.split(') ')[1]?.split(' ')[1] === '1') process.kill(Number(pid), '${name}');
}`;

/** Sends a signal to the program of one of our containers. */
export async function signal(
  kubectl: Kubectl,
  { pod, container, name }: { readonly pod: string; readonly container: string; readonly name: Signal },
): Promise<void> {
  await kubectl.try('exec', pod, `--container=${container}`, '--', '/nodejs/bin/node', '-e', tell(name));
}
