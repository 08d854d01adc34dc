import { bytes, oneOf } from '@pod-patterns/kit';
import { jsonExpectation } from '../../keys/json-pointer.ts';
import { authorities, defaulted, list, optional, toggle } from '../../keys/key.ts';
import { placeOfUrl } from '../../probe/net/place.ts';
import { kind } from '../kind.ts';
import { probeHttp } from './probe.ts';
import { bodyPattern, header, method, statusList } from './readers.ts';
import { basicLogin, headerSecrets, loginSecrets, readHttpUrl } from './url.ts';

/** A request and the expected response; `https` uses verified TLS. */
export const http = kind({
  schemes: ['http', 'https'],
  form: '//HOST[:PORT]/PATH',
  ready: 'the response matches',
  keys: {
    method: defaulted(method, 'GET'),
    status: defaulted(statusList, '200-299'),
    header: list(header('NAME:VALUE, or NAME:@/FILE to read the value from a file', true), {
      isSecret: true,
      hint: 'NAME:VALUE',
      note: 'sent',
    }),
    'expect-header': list(header('NAME:VALUE, or NAME alone', false), {
      isSecret: 'if refused',
      hint: 'NAME[:VALUE]',
    }),
    'body~': optional(bodyPattern, { hint: 'REGEX' }),
    'json:': list(jsonExpectation, { hint: '/POINTER[=VALUE]' }),
    redirect: defaulted(oneOf('follow', 'no'), 'follow'),
    ca: authorities(),
    insecure: toggle({ note: 'accept any certificate' }),
    'max-body': defaulted(bytes, '64KiB'),
  },
  read: ({ scheme, rest }, keys) => {
    const url = readHttpUrl(scheme, rest);
    if (typeof url === 'string') return url;
    if (scheme === 'http' && keys.insecure) return 'insecure is for https:// only';
    if (scheme === 'http' && keys.ca !== undefined && keys.redirect === 'no') {
      return 'ca needs https://, or redirect=follow to get there';
    }
    const login = basicLogin(url);
    const secrets = [
      ...loginSecrets(url),
      ...url.searchParams.values(),
      ...keys.header.flatMap(headerSecrets),
    ];
    url.username = url.password = '';
    return {
      spec: {
        url: url.href,
        method: keys.method,
        status: keys.status,
        headers: [...login, ...keys.header],
        expectHeaders: keys['expect-header'],
        body: keys['body~'],
        json: keys['json:'],
        redirect: keys.redirect,
        ca: keys.ca,
        isInsecure: keys.insecure,
        maxBodyBytes: keys['max-body'],
      },
      secrets: secrets.filter((secret) => secret !== ''),
    };
  },
  probe: probeHttp,
  explain: ({ url }) => ({ places: [placeOfUrl(new URL(url))] }),
});
