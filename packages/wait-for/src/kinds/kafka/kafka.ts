import { kind } from '../kind.ts';
import { readServer, serverForm } from '../server-url.ts';
import { probeKafka } from './probe.ts';

/** A broker of Kafka. */
export const kafka = kind({
  schemes: ['kafka'],
  form: serverForm,
  ready: 'it answers ApiVersions',
  keys: {},
  read: ({ rest }) => readServer(rest, 9092),
  probe: probeKafka,
  explain: (spec) => ({ places: [spec] }),
});
