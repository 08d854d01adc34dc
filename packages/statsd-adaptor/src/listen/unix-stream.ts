import { once } from 'node:events';
import { listenFailure } from './address.ts';
import { kernelPath, makeWay, settleFile } from './socket-path.ts';
import { createStreamServer, type StreamOptions } from './stream-server.ts';

/**
 * Receives lines over connections to a unix socket, whose file Node removes on close.
 * @throws CodedError `listen-failed`
 */
export async function listenUnixStream(
  path: string,
  mode: number | undefined,
  options: StreamOptions,
): Promise<AsyncDisposable> {
  const stream = createStreamServer(options);
  try {
    await makeWay(path);
    stream.server.listen(kernelPath(path));
    await once(stream.server, 'listening');
    settleFile(path, mode);
    return stream;
  } catch (cause) {
    throw listenFailure(`unix ${path}`, cause);
  }
}
