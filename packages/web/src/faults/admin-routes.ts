import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AdminRoute, sendJson } from '@pod-patterns/kit';
import type { Faults } from './faults.ts';
import { readFaultSettings } from './settings.ts';

const maxBodyBytes = 4096;

/** `GET`, `PUT` and `DELETE /faults`, `POST /faults/crash` on the admin port. */
export function faultRoutes(faults: Faults): Array<readonly [path: string, route: AdminRoute]> {
  return [
    [
      '/faults',
      {
        methods: ['GET', 'PUT', 'DELETE'],
        answer: (request, response) => answer(faults, request, response),
      },
    ],
    [
      '/faults/crash',
      {
        methods: ['POST'],
        answer: (_, response) => {
          sendJson(response, 202, { crashing: true });
          // not before the answer is out
          response.once('close', () => faults.crash());
        },
      },
    ],
  ];
}

async function answer(faults: Faults, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'PUT') {
    const body = await readBody(request);
    if (body === undefined)
      return sendJson(response, 413, { error: `expected at most ${maxBodyBytes} bytes` });
    const settings = readFaultSettings(body);
    if (typeof settings === 'string') return sendJson(response, 400, { error: settings });
    faults.set(settings);
  } else if (request.method === 'DELETE') {
    faults.set({});
  }
  sendJson(response, 200, faults.settings);
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    // read the excess too, or a reset would overtake the answer
    if (bytes <= maxBodyBytes) chunks.push(chunk);
  }
  return bytes <= maxBodyBytes ? Buffer.concat(chunks).toString() : undefined;
}
