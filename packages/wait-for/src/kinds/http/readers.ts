import { describeError, type Reader, Refusal } from '@pod-patterns/kit';
import type { Header } from '../../probe/net/http-request.ts';
import type { StatusRange } from './spec.ts';

export const statusList: Reader<readonly StatusRange[]> = {
  expected: 'statuses such as 200-299,401',
  read: (text) => {
    const ranges = text.split(',').map((part): StatusRange | undefined => {
      const match = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(part.trim());
      const from = Number(match?.[1]);
      const to = Number(match?.[2] ?? match?.[1]);
      return match === null || from > to ? undefined : [from, to];
    });
    return ranges.every((range) => range !== undefined) ? ranges : undefined;
  },
};

export function header(expected: string, isValueNeeded: boolean): Reader<Header> {
  return {
    expected,
    read: (text) => {
      const match = /^([!#$%&'*+.^_`|~0-9a-z-]+)(?::([\t\x20-\x7e\x80-\xff]*))?$/i.exec(text);
      const [, name, value] = match ?? [];
      if (name === undefined || (isValueNeeded && value === undefined)) return undefined;
      return { name: name.toLowerCase(), value: value?.trim() ?? '' };
    },
  };
}

export const bodyPattern: Reader<RegExp> = {
  expected: 'a regular expression',
  read: (text) => {
    try {
      // a line of the body may match, as with grep
      return new RegExp(text, 'm');
    } catch (error) {
      return new Refusal(`not a regular expression: ${describeError(error).replace(/^.*: /s, '')}`);
    }
  },
};

export const method: Reader<string> = {
  expected: 'a method such as GET or HEAD',
  read: (text) => (/^[A-Z]{1,20}$/.test(text) && text !== 'CONNECT' ? text : undefined),
};
