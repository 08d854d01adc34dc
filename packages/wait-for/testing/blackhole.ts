import { connect } from 'node:net';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { RunningProgram } from '@pod-patterns/kit/testing/program';

const script = `
  const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:fs').writeSync(1, String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;

/**
 * A loopback port that drops SYNs, as a Service without endpoints does in some networks: its process
 * listens but never accepts, and its backlog is full.
 */
export async function startBlackhole(): Promise<AsyncDisposable & { readonly port: number }> {
  const program = new RunningProgram(process.execPath, ['-e', script]);
  const port = await eventually(() => Number(program.stdout) || undefined);
  const sockets = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  await eventually(() => sockets.some(({ connecting }) => !connecting));
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await program[Symbol.asyncDispose]();
    },
  };
}
