import { chooseContext, NoContext } from '../../scripts/deploy/context.ts';
import { tableOf } from '../../scripts/table.ts';
import { appNamespace, clientNamespace, withApp } from './app.ts';
import type { AppCheck, ClusterCheck } from './check.ts';
import { appChecks, clusterChecks } from './checks.ts';
import { Kubectl } from './kubectl.ts';
import { namespaces } from './namespaces.ts';
import { type Outcome, runRows } from './run.ts';

/**
 * `make e2e`: checks the promises of manifests and programs on an existing cluster with the images on its nodes.
 * It creates and deletes its own namespaces; CHECK=… selects the checks whose titles contain it.
 */
const wanted = process.env['CHECK'] ?? '';

async function main(): Promise<number> {
  const isWanted = ({ title }: AppCheck | ClusterCheck) => title.includes(wanted);
  const [ofApp, ofCluster] = [appChecks.filter(isWanted), clusterChecks.filter(isWanted)];
  if (ofApp.length + ofCluster.length === 0) {
    const titles = [...appChecks, ...clusterChecks].map(({ title }) => title).join('\n  ');
    throw new NoContext(`CHECK="${wanted}": no title contains it; the titles are:\n  ${titles}`);
  }
  const context = await chooseContext('Create, use and delete the namespaces of k8s/ and of this test in');
  using cluster = await Kubectl.of(context);
  await refuseOthers(cluster);

  const outcomes: Outcome[] = [];
  const stopping = new AbortController();
  // kubectl, in the same group, is interrupted too: the running check fails, and deletes its objects
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort());
  const options = {
    stopping: stopping.signal,
    tell: (outcome: Outcome) => {
      outcomes.push(outcome);
      console.log(
        `${outcome.failure === undefined ? '✓' : '✗'} ${outcome.title}: ${outcome.failure ?? outcome.seen}`,
      );
    },
  };
  await runRows(ofCluster, cluster, options);
  if (ofApp.length > 0 && !stopping.signal.aborted)
    await withApp(cluster, (app) => runRows(ofApp, app, options));
  return report(context, outcomes, stopping.signal.aborted);
}

/** @throws NoContext if a namespace that it would delete already exists */
async function refuseOthers(cluster: Kubectl): Promise<void> {
  const names = [...namespaces.keys(), appNamespace, clientNamespace];
  const there = await cluster.run('get', 'namespace', ...names, '--ignore-not-found', '--output=name');
  if (there !== '')
    throw new NoContext(`namespaces exist already, and would be deleted: ${there.replaceAll('\n', ', ')}`);
}

function report(context: string, outcomes: readonly Outcome[], isCut: boolean): number {
  const rows = outcomes.map(({ title, seen, seconds }) => [title, seconds.toFixed(0), seen]);
  const failed = outcomes.filter(({ failure }) => failure !== undefined).length;
  console.log(`\n${tableOf([['check', 'seconds', `seen on ${context}`], ...rows])}\n`);
  if (isCut) console.log('stopped before all checks ran');
  console.log(`${outcomes.length - failed} passed, ${failed} failed`);
  return failed > 0 || isCut ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`make e2e: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = error instanceof NoContext ? error.exitCode : 1;
}
