import { authorities } from '../../keys/key.ts';
import { kind } from '../kind.ts';
import { readServer, serverForm } from '../server-url.ts';
import { probeAmqp } from './probe.ts';

/** A broker of AMQP 0-9-1, such as RabbitMQ; `amqps` is over TLS. */
export const amqp = kind({
  schemes: ['amqp', 'amqps'],
  form: serverForm,
  ready: 'it sends Connection.Start',
  keys: { ca: authorities() },
  read: ({ scheme, rest }, { ca }) => {
    const isTls = scheme === 'amqps';
    const server = readServer(rest, isTls ? 5671 : 5672);
    if (typeof server === 'string') return server;
    if (ca !== undefined && !isTls) return 'ca is for amqps:// only';
    return { ...server, spec: { ...server.spec, isTls, ca } };
  },
  probe: probeAmqp,
  explain: (spec) => ({ places: [spec] }),
});
