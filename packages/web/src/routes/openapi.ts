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
  pod: {
    containers: {
      type: 'array',
      items: object({
        name: string,
        role: { enum: ['init', 'sidecar', 'adaptor', 'ambassador', 'application'] },
        state: { enum: ['up', 'degraded', 'down'] },
        since: { type: 'string', format: 'date-time' },
        summary: string,
        figures: { type: 'object', additionalProperties: { type: ['number', 'string'] } },
      }),
    },
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
    ...operation('getCached', 'What is cached under a key, with its type', {
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
    ...operation('uncache', 'Forget a key', { 204: { description: 'forgotten' }, 503: problem }),
    parameters: [inPath('key')],
  },
};

const paths: OpenApi['paths'] = {
  '/': {
    get: operation('page', 'The page; opening it is a view of home', {
      200: content('text/html', string),
    }),
  },
  '/page.css': {
    get: operation('stylesheet', 'The stylesheet of the page', { 200: content('text/css', string) }),
  },
  '/page.js': {
    get: operation('script', 'The script of the page', { 200: content('text/javascript', string) }),
  },
  '/favicon.svg': {
    get: operation('icon', 'The icon of the page', { 200: content('image/svg+xml', string) }),
  },
  '/api/views': {
    get: operation('listViews', 'Page views by page', { 200: json(schemas.views), 503: problem }),
  },
  '/api/views/{page}': {
    post: {
      ...operation('countView', 'Count a view of a page, or of `other` where there are too many', {
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
  '/api/pod': { get: operation('pod', 'The containers of the pod', { 200: json(schemas.pod) }) },
  '/api/errors': { post: operation('fail', 'Fail, to leave a stack trace in the log', { 500: problem }) },
  '/events': {
    get: operation('events', 'The pod as server-sent events named pod', {
      200: content('text/event-stream', string),
      503: problem,
    }),
  },
  '/openapi.json': { get: operation('openApi', 'This description', { 200: json({}) }) },
};

/** The description of the API; a test compares it with what is served. */
export function openApi(version: string): OpenApi {
  return {
    openapi: '3.1.0',
    info: {
      title: 'web',
      version,
      description: 'The application of the pod: page views and a cache in Redis, and how its helpers are.',
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
