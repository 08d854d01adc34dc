import { describe, expect, it } from 'vitest';
import { RedisUnavailable } from '../clients/redis.ts';
import { HttpProblem, problemDetails, toProblem } from './problem.ts';

const where = { instance: '/api/views', requestId: 'r1' };

describe('problemDetails', () => {
  it('has the members of RFC 9457 and the request id', () => {
    expect(problemDetails(new HttpProblem(404, 'there is nothing'), where)).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'there is nothing',
      instance: '/api/views',
      requestId: 'r1',
    });
  });

  it('shortens a hostile path', () => {
    const details = problemDetails(new HttpProblem(414, 'too long'), {
      ...where,
      instance: '/'.repeat(9000),
    });
    expect(details.instance).toHaveLength(1000);
  });
});

describe('HttpProblem', () => {
  it.each([
    [503, {}, { 'retry-after': '1' }],
    [503, { 'retry-after': '5' }, { 'retry-after': '5' }],
    [500, {}, {}],
  ])('of status %i with %j has Retry-After only for 503', (status, headers, sent) => {
    expect(new HttpProblem(status, 'not now', { headers }).headers).toEqual(sent);
  });
});

describe('toProblem', () => {
  it.each([
    ['away', 'redis-away'],
    ['timeout', 'redis-timeout'],
    ['refused', 'redis-refused'],
  ] as const)('turns Redis %s into 503 %s with Retry-After', (reason, code) => {
    const problem = toProblem(new RedisUnavailable(reason, new Error('ECONNREFUSED 10.0.0.7:6379')));
    expect(problem).toMatchObject({ status: 503, code, headers: { 'retry-after': '1' } });
    expect(problem.message).not.toContain('10.0.0.7');
  });

  it('keeps the status of a library error, but not its message', () => {
    const error = Object.assign(new Error('secret detail'), { status: 413 });
    expect(toProblem(error)).toMatchObject({ status: 413, message: 'the body is too large' });
  });

  it.each([new Error('secret'), 'secret', undefined, Object.assign(new Error('secret'), { status: 502 })])(
    'hides the message of an internal fault (%s)',
    (error) => {
      const problem = toProblem(error);
      expect(problem.status).toBe(500);
      expect(problem.message).not.toContain('secret');
    },
  );
});
