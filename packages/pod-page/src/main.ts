import { runService, startHttpServer } from '@pod-patterns/kit';
import { Counter } from 'prom-client';
import { program } from './options.ts';
import { drawingOf } from './page/page.ts';
import { houseTargets } from './pod/house.ts';
import { readWaitReport } from './pod/wait-report.ts';
import { PodWatch } from './pod/watch.ts';
import { answerWith } from './serve/answer.ts';
import { makersOf } from './serve/make.ts';

void runService(program, async ({ config, log, metrics, resources }) => {
  const startedAt = new Date().toISOString();
  const { app, waitReport, container, host, title, listen } = config;
  const watch = resources.use(
    new PodWatch({
      targets: container.length > 0 ? container : houseTargets,
      init: async () => (waitReport === undefined ? undefined : readWaitReport(waitReport, startedAt)),
    }),
  );
  const podName = process.env['POD_NAME'] ?? 'on this machine';
  const drawing = drawingOf({ title, podName, version: program.version, hasApp: app !== undefined });
  const cut = new Counter({
    name: 'pod_page_streams_cut_total',
    help: 'Event streams cut off because their client did not read.',
    registers: [metrics],
  });
  const makers = app === undefined ? new Map() : makersOf(app);
  const answer = answerWith({ watch, drawing, makers, hosts: host, onCut: () => cut.inc() });
  const server = resources.use(await startHttpServer(listen, answer));
  log.info('listening', { address: server.address });
});
