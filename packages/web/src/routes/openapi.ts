import type { Methods } from '../http/resource.ts';
import { sendJson } from '../http/send-json.ts';

/** The part of OpenAPI 3.1 that is used here. */
export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, unknown>>;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly unknown[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, unknown>>;
}

const string = { type: 'string' } as const;
const integer = { type: 'integer' } as const;
const problemType = 'application/problem+json';
const problem = { $ref: '#/components/responses/Problem' };

const schemas = {
  views: { views: { type: 'object', additionalProperties: integer }, total: integer, omitted: integer },
  info: {
    name: string,
    version: string,
    node: string,
    startedAt: string,
    pod: object({ name: string, namespace: string, node: string, ip: string }),
  },
  problem: object({
    type: string,
    title: string,
    status: integer,
    detail: string,
    instance: string,
    requestId: string,
  }),
};

const cachePath = {
  get: {
    ...operation('getCached', 'Read a cached value with its media type', {
      200: content('*/*', {}),
      404: problem,
      503: problem,
    }),
    parameters: [inPath('key')],
  },
  put: {
    ...operation('cache', 'Cache a body of any type, up to 64 KiB', {
      204: { description: 'cached' },
      400: problem,
      413: problem,
      415: problem,
      503: problem,
    }),
    parameters: [
      inPath('key'),
      {
        name: 'ttl',
        in: 'query',
        description: 'Seconds',
        schema: { type: 'integer', minimum: 1, maximum: 86_400, default: 60 },
      },
    ],
    requestBody: content('*/*', {}),
  },
  delete: {
    ...operation('uncache', 'Delete a key', { 204: { description: 'forgotten' }, 503: problem }),
    parameters: [inPath('key')],
  },
};

const paths: OpenApi['paths'] = {
  '/': {
    get: operation('home', 'The home page; opening it counts a view', {
      200: content('text/html', string),
    }),
  },
  '/pages/{page}': {
    get: {
      ...operation('page', 'A page; opening it counts a view', {
        200: content('text/html', string),
        404: problem,
      }),
      parameters: [inPath('page', '^(home|about)$')],
    },
  },
  '/api/views': {
    get: operation('listViews', 'Page views by page', { 200: json(schemas.views), 503: problem }),
  },
  '/api/views/{page}': {
    post: {
      ...operation('countView', 'Count a view of a page, or of `other` beyond the limit of pages', {
        200: json({ page: string, views: integer }),
        400: problem,
        413: problem,
        415: problem,
        503: problem,
      }),
      parameters: [inPath('page', '^[a-z0-9-]{1,64}$')],
    },
  },
  '/api/cache/{key}': cachePath,
  '/api/info': { get: operation('info', 'Version and pod', { 200: json(schemas.info) }) },
  '/api/errors': {
    post: operation('fail', 'Fail on purpose and leave a stack trace in the log', { 500: problem }),
  },
  '/openapi.json': { get: operation('openApi', 'This description', { 200: json({}) }) },
};

/** The description of the API; a test compares it with the served routes. */
export function openApi(version: string): OpenApi {
  return {
    openapi: '3.1.0',
    info: {
      title: 'web',
      version,
      description: 'Page views and a cache in Redis.',
    },
    paths,
    components: {
      responses: { Problem: { ...content(problemType, schemas.problem), description: 'RFC 9457' } },
    },
  };
}

function operation(operationId: string, summary: string, responses: Record<number, unknown>): Operation {
  return { operationId, summary, responses };
}

function object(properties: Record<string, unknown>) {
  return { type: 'object', properties };
}

function content(type: string, schema: unknown) {
  return { description: type, content: { [type]: { schema } } };
}

function json(properties: Record<string, unknown>) {
  return content('application/json', object(properties));
}

function inPath(name: string, pattern?: string) {
  return { name, in: 'path', required: true, schema: { type: 'string', ...(pattern && { pattern }) } };
}

/** `/openapi.json`. */
export function openApiResource(version: string): Methods {
  const document = openApi(version);
  return { get: [(_req, res) => sendJson(res, document)] };
}
