const protobuf = 'application/vnd.google.protobuf';

interface MediaRange {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

/**
 * Whether an Accept header prefers delimited protobuf to text. As in upstream, the format with the highest `q` wins,
 * the first of equals; other formats are ignored.
 */
export function acceptsProtobuf(header = ''): boolean {
  const ranges = header.split(',').map(readRange);
  const wanted = ranges.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality);
  const first = wanted.find((range) => isProtobuf(range) || isText(range));
  return first !== undefined && isProtobuf(first);
}

function readRange(text: string): MediaRange {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim());
  const parameters = new Map(rest.map(readParameter));
  return { type: type.toLowerCase(), parameters, quality: Number(parameters.get('q') ?? 1) };
}

function readParameter(text: string): [name: string, value: string] {
  const [name = '', value = ''] = text.split('=').map((part) => part.trim());
  return [name.toLowerCase(), value.replace(/^"(.*)"$/, '$1')];
}

function isProtobuf({ type, parameters }: MediaRange): boolean {
  return (
    type === protobuf &&
    parameters.get('proto') === 'io.prometheus.client.MetricFamily' &&
    parameters.get('encoding') === 'delimited'
  );
}

function isText({ type, parameters }: MediaRange): boolean {
  return type === 'text/plain' && ['', '0.0.4'].includes(parameters.get('version') ?? '');
}
