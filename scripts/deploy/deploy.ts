import { spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline/promises';

/**
 * `make deploy` and `make undeploy`: changes the cluster of CONTEXT, else of kubectl's current context, which can be
 * production: it is named, and the user asked, unless YES=1. All calls name the context: it may be switched meanwhile.
 */
const [verb = '', overlay = ''] = process.argv.slice(2);
const folder = `k8s/overlays/${overlay}`;
const what =
  verb === 'deploy'
    ? `Apply ${folder} to`
    : `Delete ${folder}, its namespace and all that is in it, data included, from`;

async function main(): Promise<number> {
  const given = process.env['CONTEXT'] ?? '';
  const context = given || currentContext();
  if (context === undefined) return refuse('kubectl has no current context: name one with CONTEXT=…');
  if (given === '' && process.env['YES'] !== '1') {
    if (!process.stdin.isTTY)
      return refuse(
        `not sent to kubectl's current context "${context}" unasked: give CONTEXT=${context}, or YES=1`,
      );
    if (!(await isAgreed(`${what} the kubectl context "${context}"? [y/N] `)))
      return refuse('nothing was changed', 1);
  }
  if (verb === 'undeploy') return kubectl(context, 'delete', '-k', folder, '--ignore-not-found');
  const web = ['--namespace', 'pod-patterns', 'rollout', 'status', 'deployment/web', '--timeout', '180s'];
  return kubectl(context, 'apply', '-k', folder) || kubectl(context, ...web);
}

function currentContext(): string | undefined {
  const asked = spawnSync('kubectl', ['config', 'current-context'], { encoding: 'utf8' });
  if (asked.error) throw new Error(`kubectl cannot be run: ${asked.error.message}`);
  return asked.stdout.trim() || undefined;
}

function kubectl(context: string, ...args: readonly string[]): number {
  const all = ['--context', context, ...args];
  console.log(`kubectl ${all.join(' ')}`);
  const ran = spawnSync('kubectl', all, { stdio: 'inherit' });
  if (ran.error) throw new Error(`kubectl cannot be run: ${ran.error.message}`);
  return ran.status ?? 1;
}

async function isAgreed(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // an end of input instead of an answer is a no
  const ended = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  const answer = await Promise.race([terminal.question(question), ended]);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

function refuse(why: string, code = 2): number {
  console.error(`make ${verb}: ${why}`);
  return code;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = refuse(error instanceof Error ? error.message : String(error));
}
