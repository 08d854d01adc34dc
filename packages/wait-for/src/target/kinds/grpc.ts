import { filePath, optional } from '../keys.ts';
import { type Place, readAuthority } from '../place.ts';
import { type Scheme, scheme } from '../scheme.ts';

/** A server with the standard health service. */
export interface GrpcSpec extends Place {
  readonly type: 'grpc';
  readonly isTls: boolean;
  readonly ca: string | undefined;
  /** Empty asks for the server as a whole. */
  readonly service: string;
}

function grpcScheme(name: 'grpc' | 'grpcs'): Scheme {
  const isTls = name === 'grpcs';
  return scheme({
    form: `${name}://HOST:PORT[/SERVICE]`,
    keys: { ca: optional(filePath) },
    read: (rest, { ca }) => {
      if (!rest.startsWith('//')) return 'expected // and HOST:PORT';
      const authority = readAuthority(rest.slice(2));
      if (typeof authority === 'string') return authority;
      const { host, port, user, password, path: service, query } = authority;
      if (user !== undefined || password !== undefined) return 'takes no user or password';
      if (query !== '') return 'takes no query';
      if (ca !== undefined && !isTls) return 'ca is for grpcs:// only';
      return { spec: { type: 'grpc', isTls, ca, host, port, service } };
    },
  });
}

/** `grpc://HOST:PORT/SERVICE`. */
export const grpc = grpcScheme('grpc');
/** `grpcs://`: over TLS. */
export const grpcs = grpcScheme('grpcs');
