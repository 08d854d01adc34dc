import {
  hostPort,
  option,
  type Program,
  path,
  Refusal,
  reader,
  readUrl,
  repeatable,
  serviceOptions,
  text,
} from '@pod-patterns/kit';
import manifest from '../package.json' with { type: 'json' };
import { roles, type Target } from './pod/container.ts';

const httpUrl = reader('a URL such as http://127.0.0.1:8080', readHttpUrl);

const container = reader(
  'NAME=URL[,ROLE], such as nginx=http://127.0.0.1:8080/healthz,application',
  (value): Target | Refusal | undefined => {
    const [, name, url = '', word] = /^([\w.-]{1,63})=(.*?)(?:,([a-z]+))?$/.exec(value) ?? [];
    const role = roles.find((one) => one === word);
    if (name === undefined) return undefined;
    if (word !== undefined && role === undefined)
      return new Refusal(`expected the role to be one of ${roles.join(', ')}`);
    const read = readHttpUrl(url);
    return typeof read === 'string' ? { name, role, url: read, isNamed: true } : read;
  },
);

/** Reads a URL to request; refuses a login or a fragment. */
function readHttpUrl(value: string): string | Refusal | undefined {
  const url = readUrl(value);
  if (!(url instanceof URL)) return url;
  if (url.protocol !== 'http:') return undefined;
  return url.username + url.password + url.hash === ''
    ? value.replace(/\/$/, '')
    : new Refusal('must not contain a login or #');
}

/** The options of pod-page. */
export const program = {
  name: 'pod-page',
  version: manifest.version,
  summary: 'shows its own pod, live, in a browser',
  examples: [
    {
      purpose: 'Show every container that answers on the usual admin ports of this pod',
      command: 'pod-page --app http://127.0.0.1:8080',
    },
    {
      purpose: 'Beside another application, with one of the helpers',
      command:
        'pod-page --container nginx=http://127.0.0.1:8080/healthz,application --container log-shipper=http://127.0.0.1:9101',
    },
  ],
  options: {
    listen: option(hostPort, {
      description: 'Address to serve the page on; port 0 takes a free port',
      placeholder: 'HOST:PORT',
      default: '127.0.0.1:8090',
    }),
    container: repeatable(container, {
      description: `Container to show: its admin port, or its health or /metrics URL, and its role (${roles.slice(1).join(', ')}). Without any, whatever answers on 127.0.0.1:8081, 9101, 9102 and 9103; in the environment, one per line`,
      placeholder: 'NAME=URL[,ROLE]',
      hasCommas: true,
    }),
    app: option(httpUrl, {
      description:
        'Data port of the application, for the buttons that send traffic; without it there are no buttons',
      placeholder: 'URL',
    }),
    host: repeatable(text, {
      description: 'Host name to accept, besides localhost and loopback addresses',
      placeholder: 'NAME',
      env: 'PAGE_HOSTS',
    }),
    title: option(text, { description: 'Heading of the page', placeholder: 'TEXT' }),
    waitReport: option(path, {
      description: 'Report file of wait-for, written with its --report',
      placeholder: 'FILE',
    }),
    ...serviceOptions(8091),
  },
} satisfies Program;
