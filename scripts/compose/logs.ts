import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Compose } from './compose.ts';
import { checkout } from './project.ts';

/**
 * Follows the output of all containers and the application's log files, which are on the volume that web shares with
 * log-shipper.
 */
const compose = new Compose();
if (compose.containers.length === 0) {
  console.error('No pod runs here: make up starts one.');
  process.exit(1);
}

// the container ends with its stdin, however this program ends
const follow = 'cd /var/log/app && tail -n 20 -F access.log app.log error.log & cat >/dev/null; kill $!';
const restricted = ['--network=none', '--read-only', '--cap-drop=ALL', '--user=65532:65532'];
const volume = `--volume=${compose.project}_logs:/var/log/app:ro`;
const files = spawn(
  'docker',
  ['run', '--rm', '--interactive', ...restricted, volume, 'busybox:1.36', 'sh', '-c', follow],
  { stdio: ['pipe', 'pipe', 'ignore'] },
);
// `tail` prints the name of a file before its lines
let file = '';
createInterface({ input: files.stdout }).on('line', (line) => {
  const header = /^==> (\S+\.log) <==$/.exec(line)?.[1];
  if (header !== undefined) file = header;
  else if (line !== '') console.log(`web ${file.padEnd(16)}| ${line}`);
});

const containers = spawn('docker', ['compose', 'logs', '--follow', '--tail', '20'], {
  cwd: checkout,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: compose.env,
});
let isEnding = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    isEnding = true;
    containers.kill();
  });
}
containers.on('exit', (code) => {
  // Ctrl-C is the usual end
  process.exitCode = isEnding ? 0 : (code ?? 1);
  files.stdin.end();
});
