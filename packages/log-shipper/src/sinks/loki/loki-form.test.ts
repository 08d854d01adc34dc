import { describe, expect, it } from 'vitest';
import { lokiForm } from './loki-form.ts';

const head = (file: string) => Buffer.from(`{"stream":{"file":"${file}"},"values":[`);
const entry = (line: string, time = '1') => `["${time}","${line}",{"offset":"0"}],\n`;
const form = lokiForm();

/** Entries of streams in the form that a batch returns. */
function records(...streams: ReadonlyArray<readonly [Buffer, ...string[]]>) {
  let start = 0;
  let text = '';
  const groups = streams.map(([head, ...entries]) => {
    start = text.length;
    text += entries.join('');
    return { start, head };
  });
  return { bytes: Buffer.from(text), count: text.split('\n').length - 1, groups };
}

describe('the body of a push', () => {
  it('puts each run of entries in its stream', () => {
    const body = form.body(records([head('/a'), entry('1'), entry('2')], [head('/b'), entry('3')]));
    const value = (line: string) => ['1', line, { offset: '0' }];
    expect(JSON.parse(body.toString())).toEqual({
      streams: [
        { stream: { file: '/a' }, values: [value('1'), value('2')] },
        { stream: { file: '/b' }, values: [value('3')] },
      ],
    });
  });

  it('with one entry is a single line, as a dead letter requires', () => {
    const letter = form.body(records([head('/a'), entry('1')])).toString();
    expect(letter.split('\n')).toEqual([
      '{"streams":[{"stream":{"file":"/a"},"values":[["1","1",{"offset":"0"}]]}]}',
      '',
    ]);
  });
});

describe('the headers of a push', () => {
  it('name the tenant', () => {
    expect(lokiForm('a').headers).toEqual({
      ...{ 'content-type': 'application/json', 'x-scope-orgid': 'a' },
    });
    expect(form.headers).toEqual({ 'content-type': 'application/json' });
  });
});

describe('the outcome of a push', () => {
  const sent = records([head('/a'), entry('1')]);
  const outcome = (status: number, text = '', retryAfter?: string) =>
    form.outcome({ status, text, retryAfter }, sent, 0);

  it.each([
    [204, '', { kind: 'accepted' }],
    [200, '', { kind: 'accepted' }],
    [260, 'ingestion blocked for user a', { kind: 'retry', reason: '260' }],
    [202, '', { kind: 'retry', reason: '202' }],
    [401, 'no org id', { kind: 'retry', reason: '401' }],
    [404, '', { kind: 'retry', reason: '404' }],
    [413, '', { kind: 'too-large' }],
    [429, 'Ingestion rate limit exceeded for user a', { kind: 'retry', reason: '429', isTooMuch: true }],
    [500, 'rpc error: received message larger than max (6 vs. 4)', { kind: 'too-large' }],
    [500, 'at least 2 live replicas required', { kind: 'retry', reason: '500' }],
    [400, 'loghttp.PushRequest.Streams: error found', { kind: 'refused', reason: '400' }],
  ])('for an answer %d %j', (status, text, expected) => {
    expect(outcome(status, text)).toMatchObject(expected);
  });

  it('has the wait that the server asks for', () => {
    expect(outcome(429, '', '3')).toMatchObject({ afterMs: 3000, isTooMuch: true });
  });
});
