import { readOtlpRequest } from '../../testing/otlp-request.ts';
import { Receiver } from './receiver.ts';

/** A collector with a strict OTLP/HTTP parser, and the sink URL that leads to it. */
export async function collector(): Promise<{ readonly receiver: Receiver; readonly url: string }> {
  const receiver = await Receiver.start();
  receiver.read = ({ body, headers, path }) => {
    if (path !== '/v1/logs') throw new Error(`path ${path}`);
    return readOtlpRequest(body, String(headers['content-type'])).map(({ body: text, attributes }) => ({
      ...JSON.parse(text),
      file: attributes['log.file.path'] ?? '',
      offset: Number(attributes['log.file.record_offset']),
    }));
  };
  return { receiver, url: `otlp+http://127.0.0.1:${receiver.port}` };
}
