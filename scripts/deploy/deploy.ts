import { spawnSync } from 'node:child_process';
import { chooseContext, NoContext } from './context.ts';

/** `make deploy` and `make undeploy`. Each call names the context, because the current one may change meanwhile. */
const [verb = '', overlay = ''] = process.argv.slice(2);
const folder = `k8s/overlays/${overlay}`;
const what =
  verb === 'deploy' ? `Apply ${folder} to` : `Delete ${folder} and its namespace with all data from`;

async function main(): Promise<number> {
  const context = await chooseContext(what);
  if (verb === 'undeploy') return kubectl(context, 'delete', '-k', folder, '--ignore-not-found');
  const web = ['--namespace', 'pod-patterns', 'rollout', 'status', 'deployment/web', '--timeout', '180s'];
  return kubectl(context, 'apply', '-k', folder) || kubectl(context, ...web);
}

function kubectl(context: string, ...args: readonly string[]): number {
  const all = ['--context', context, ...args];
  console.log(`kubectl ${all.join(' ')}`);
  const ran = spawnSync('kubectl', all, { stdio: 'inherit' });
  if (ran.error) throw new Error(`cannot run kubectl: ${ran.error.message}`);
  return ran.status ?? 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`make ${verb}: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = error instanceof NoContext ? error.exitCode : 2;
}
