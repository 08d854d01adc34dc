import { runService, startHttpServer } from '@pod-patterns/kit';
import { Counter } from 'prom-client';
import { houseTargets } from './house.ts';
import { program } from './options.ts';
import { assets } from './page/assets.ts';
import { pageOf } from './page/page.ts';
import { readWaitReport } from './pod/wait-report.ts';
import { PodWatch } from './pod/watch.ts';
import { answerWith } from './serve/answer.ts';
import { Maker } from './serve/make.ts';

void runService(program, async ({ config, log, metrics, resources, stopping }) => {
  const startedAt = new Date().toISOString();
  const { app, waitReport } = config;
  const watch = resources.use(
    new PodWatch({
      targets: config.container.length > 0 ? config.container : houseTargets,
      init: async () => (waitReport === undefined ? undefined : readWaitReport(waitReport, startedAt)),
    }),
  );
  const { page, picture } = pageOf({
    assets,
    title: config.title,
    podName: process.env['POD_NAME'] ?? 'on this machine',
    version: program.version,
    hasApp: app !== undefined,
    clock: () => new Date(),
  });
  const cut = new Counter({
    name: 'pod_page_streams_cut_total',
    help: 'Event streams cut off because their client did not read.',
    registers: [metrics],
  });
  const server = await startHttpServer(
    config.listen,
    answerWith({
      ...{ watch, assets, stopping, drawPage: page, drawPicture: picture, hosts: config.host },
      maker: app === undefined ? undefined : new Maker(app),
      onCut: () => cut.inc(),
    }),
  );
  resources.use(server);
  log.info('listening', { address: server.address });
});
