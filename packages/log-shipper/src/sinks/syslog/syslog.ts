import { Refusal } from '@pod-patterns/kit';
import type { SinkKind } from '../kind.ts';
import { DatagramSink } from './datagram-sink.ts';
import { StreamSink } from './stream-sink.ts';
import { findLabelFaults } from './structured-data.ts';
import { readSyslogUrl } from './syslog-url.ts';
import { SyslogWriter } from './syslog-writer.ts';

/** Room in a message for everything before the line. */
const headBytes = 512;

/** Over TCP, each batch costs a connection and its settling. */
const streamBatchRecords = 20_000;

/** Syslog of RFC 5424, over TCP, TLS (RFC 5425) or UDP (RFC 5426). */
export const syslog: SinkKind = {
  form: 'syslog+tcp|udp|tls://host[:port]',
  read(text) {
    const address = readSyslogUrl(text);
    if (address === undefined || address instanceof Refusal) return address;
    const { transport, host, port, settings } = address;
    const name = `syslog+${transport}://${host.includes(':') ? `[${host}]` : host}:${port}`;
    return {
      ...{ name, findLabelFaults },
      limits: {
        lineBytes: settings.most - headBytes,
        ...(transport === 'udp' ? {} : { batchRecords: streamBatchRecords }),
      },
      writer: (options) => new SyslogWriter(options, settings),
      open: () => (transport === 'udp' ? new DatagramSink(name, address) : new StreamSink(name, address)),
    };
  },
};
