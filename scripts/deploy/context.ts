import { spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline/promises';

/** The reason for changing no cluster, and the exit code. */
export class NoContext extends Error {
  override readonly name = 'NoContext';
  readonly exitCode: number;

  constructor(message: string, exitCode = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Chooses the cluster to change: CONTEXT, else kubectl's current context. That can be production, so the user is
 * asked first, unless YES=1. `what` begins the question: `Apply k8s/overlays/kind to`.
 * @throws NoContext
 */
export async function chooseContext(what: string): Promise<string> {
  const given = process.env['CONTEXT'] ?? '';
  const context = given || currentContext();
  if (context === undefined) throw new NoContext('kubectl has no current context: name one with CONTEXT=…');
  if (given !== '' || process.env['YES'] === '1') return context;
  if (!process.stdin.isTTY)
    throw new NoContext(
      `not sent to kubectl's current context "${context}" unasked: give CONTEXT=${context}, or YES=1`,
    );
  if (!(await isAgreed(`${what} the kubectl context "${context}"? [y/N] `)))
    throw new NoContext('nothing was changed', 1);
  return context;
}

function currentContext(): string | undefined {
  const asked = spawnSync('kubectl', ['config', 'current-context'], { encoding: 'utf8' });
  if (asked.error) throw new Error(`cannot run kubectl: ${asked.error.message}`);
  return asked.stdout.trim() || undefined;
}

async function isAgreed(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // end of input means no
  const ended = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  const answer = await Promise.race([terminal.question(question), ended]);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
