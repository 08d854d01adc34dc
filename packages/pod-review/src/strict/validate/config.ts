import type { IConfigMap, ISecret } from '../../../types/kubernetes.ts';
import { configKey } from './names.ts';
import type { Place } from './place.ts';

const limitBytes = 1024 * 1024;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export function validateConfigMap({ data = {}, binaryData = {} }: IConfigMap, place: Place): void {
  for (const key of Object.keys(data)) {
    place.at('data', key).check(configKey(key));
    if (Object.hasOwn(binaryData, key)) place.at('data', key).invalid(`${key} is also in binaryData`);
  }
  validateBytes(binaryData, place.at('binaryData'));
  const sizes = [
    ...Object.values(data).map((text) => Buffer.byteLength(text)),
    ...Object.values(binaryData).map(bytesOf),
  ];
  if (sum(sizes) > limitBytes) place.at('data').invalid('longer than 1 MiB in total');
}

/** Required keys of a Secret, by type: one key of each list. */
const typeKeys: Readonly<Record<string, ReadonlyArray<readonly string[]>>> = {
  'kubernetes.io/dockercfg': [['.dockercfg']],
  'kubernetes.io/dockerconfigjson': [['.dockerconfigjson']],
  'kubernetes.io/basic-auth': [['username', 'password']],
  'kubernetes.io/ssh-auth': [['ssh-privatekey']],
  'kubernetes.io/tls': [['tls.crt'], ['tls.key']],
};

export function validateSecret(secret: ISecret, place: Place): void {
  const { data = {}, stringData = {}, type = 'Opaque', metadata } = secret;
  validateBytes(data, place.at('data'));
  for (const key of Object.keys(stringData)) place.at('stringData', key).check(configKey(key));
  const keys = new Set([...Object.keys(data), ...Object.keys(stringData)]);
  for (const choice of Object.hasOwn(typeKeys, type) ? (typeKeys[type] ?? []) : []) {
    if (!choice.some((key) => keys.has(key)))
      place.at('data').missing(`${choice.join(' or ')} is required in a Secret of type ${type}`);
  }
  if (type === 'kubernetes.io/ssh-auth' && (stringData['ssh-privatekey'] ?? data['ssh-privatekey']) === '')
    place.at('data', 'ssh-privatekey').missing();
  for (const key of ['.dockercfg', '.dockerconfigjson']) {
    if (type === `kubernetes.io/${key.slice(1)}`)
      validateJson(stringData[key] ?? decodeBytes(data[key]), place.at('data', key));
  }
  const account = metadata?.annotations?.['kubernetes.io/service-account.name'];
  if (type === 'kubernetes.io/service-account-token' && (account ?? '') === '') {
    place.at('metadata', 'annotations', 'kubernetes.io/service-account.name').missing();
  }
  const sizes = [
    ...Object.values(stringData).map((text) => Buffer.byteLength(text)),
    ...Object.values(data).map(bytesOf),
  ];
  if (sum(sizes) > limitBytes) place.at('data').invalid('longer than 1 MiB in total');
}

function validateBytes(data: Readonly<Record<string, string>>, place: Place): void {
  for (const [key, value] of Object.entries(data)) {
    place.at(key).check(configKey(key));
    // the decoder passes over line ends
    if (!base64.test(value.replace(/[\r\n]/g, '')))
      place.at(key).invalid('not base64; plain text belongs in stringData or data of a ConfigMap');
  }
}

function validateJson(text: string | undefined, place: Place): void {
  if (text === undefined) return;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || Array.isArray(value)) place.invalid('not a JSON object');
  } catch {
    place.invalid('not a JSON object');
  }
}

const decodeBytes = (value: string | undefined) =>
  value === undefined ? undefined : Buffer.from(value, 'base64').toString('utf8');
const bytesOf = (value: string) => Math.floor((value.length * 3) / 4);
const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
