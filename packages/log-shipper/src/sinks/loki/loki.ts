import { quote, Refusal } from '@pod-patterns/kit';
import type { Labels, SinkKind } from '../kind.ts';
import { HttpSink } from '../over-http/http-sink.ts';
import { readHttpUrl } from '../over-http/http-url.ts';
import { lokiForm } from './loki-form.ts';
import { lokiLabelName } from './loki-labels.ts';
import { LokiWriter } from './loki-writer.ts';

/**
 * Loki's default limits: lines of 256 KiB, longer ones are shipped in parts; and messages of 4 MiB between its own
 * components, which a batch stays well below.
 */
const limits = { lineBytes: 256 * 1024, batchBytes: 1024 * 1024 };

/** Characters that Loki allows in a tenant's name. */
const tenantForm = /^[\w!.*'()-]{1,150}$/;

/** Grafana Loki's push API. */
export const loki: SinkKind = {
  form: 'loki+http(s)://host[:port]',
  read(text) {
    const address = readHttpUrl(text, { prefix: 'loki', own: ['tenant'], compression: 'gzip' });
    if (address === undefined || address instanceof Refusal) return address;
    const { url, settings, own } = address;
    const tenant = own.get('tenant');
    if (settings.compression === 'zstd')
      return new Refusal('compression: expected none or gzip: Loki does not support zstd');
    if (tenant !== undefined && !tenantForm.test(tenant)) {
      return new Refusal("tenant: expected at most 150 letters, digits and !-_.*'()");
    }
    if (url.pathname === '/') url.pathname = '/loki/api/v1/push';
    const name = `loki+${url.origin}${url.pathname}${tenant === undefined ? '' : `#tenant=${tenant}`}`;
    return {
      ...{ name, limits, findLabelFaults },
      writer: (options) => new LokiWriter(options),
      open: () => new HttpSink({ name, url, settings }, lokiForm(tenant)),
    };
  },
};

/** Two names that become the same in Loki would lose one of the two labels. */
function findLabelFaults(labels: Labels): string[] {
  const names = new Map<string, string>();
  return labels.flatMap(([name, value]) => {
    const other = names.get(lokiLabelName(name)) ?? name;
    names.set(lokiLabelName(name), name);
    if (other === name) return [];
    return [`--label ${quote(`${name}=${value}`)}: same Loki label as ${quote(other)}: rename one`];
  });
}
