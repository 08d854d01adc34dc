import { expect, it } from 'vitest';
import { acceptsProtobuf } from './accepts-protobuf.ts';

const delimited =
  'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
/** As Prometheus sends it with native histograms on, by version. */
const prometheus242 = `${delimited},application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`;
const prometheus3 = `${delimited};escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1`;

it.each([
  [undefined, false],
  ['', false],
  ['*/*', false],
  ['text/plain', false],
  ['application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1', false],
  [delimited, true],
  [prometheus242, true],
  [prometheus3, true],
  [
    'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; q=0.7, text/plain; q=0.3',
    true,
  ],
  ['application/vnd.google.protobuf;encoding="delimited";proto="io.prometheus.client.MetricFamily"', true],
  ['Application/VND.google.protobuf;Encoding=delimited;Proto=io.prometheus.client.MetricFamily', true],
  [`text/plain;version=0.0.4,${delimited}`, false],
  [`${delimited},text/plain;version=0.0.4`, true],
  [`text/plain;version=0.0.4;q=0.9,${delimited}`, true],
  [`text/plain;version=1.0.0,${delimited};q=0.5`, true],
  [`text/html,${delimited};q=0.1`, true],
  [`${delimited};q=0`, false],
  [`${delimited};q=0.0,text/plain;q=0.1`, false],
  [`${delimited};q=x`, false],
  ['application/vnd.google.protobuf', false],
  ['application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily', false],
  ['application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text', false],
  ['application/vnd.google.protobuf;proto=other;encoding=delimited', false],
  [';;,;=,,q=1', false],
])('the Accept header %j asks for protobuf: %s', (header, isAccepted) => {
  expect(acceptsProtobuf(header)).toBe(isAccepted);
});
