import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { startProgram } from '@pod-patterns/kit/testing/program';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { RunningWeb } from './running-web.ts';

const main = join(import.meta.dirname, '../src/main.ts');

describe('the log files', () => {
  it('have one access line for each page view, in order, through many rotations', async () => {
    await using web = await RunningWeb.start({ LOG_MAX_SIZE: '10KB', LOG_MAX_FILES: '100' });
    const visitors = Array.from({ length: 8 }, async (_, visitor) => {
      for (let view = 0; view < 100; view++) {
        const headers = { 'x-request-id': `${visitor}-${view}` };
        await (await web.fetch('/api/views/home', { method: 'POST', headers })).text();
      }
    });
    await Promise.all(visitors);
    await web.program.stop();
    const ids = web.logLines('access').map(({ id }) => String(id));
    expect(ids).toHaveLength(800);
    for (let visitor = 0; visitor < 8; visitor++) {
      const own = ids.filter((id) => id.startsWith(`${visitor}-`));
      expect(own).toEqual(Array.from({ length: 100 }, (_, view) => `${visitor}-${view}`));
    }
    expect(readdirSync(web.logDir).filter((file) => file.startsWith('access')).length).toBeGreaterThan(10);
  });

  it('stay within their number and size', async () => {
    await using web = await RunningWeb.start({ LOG_MAX_SIZE: '2KB', LOG_MAX_FILES: '3' });
    for (let view = 0; view < 60; view++) await (await web.fetch('/api/info')).text();
    await web.program.stop();
    const files = readdirSync(web.logDir).filter((file) => file.startsWith('access'));
    expect(files.sort()).toEqual(['access.1.log', 'access.2.log', 'access.log']);
    // a file is rotated with the line that fills it
    for (const file of files) expect(statSync(join(web.logDir, file)).size).toBeLessThan(2500);
  });

  it('end the start with one line if the folder is not writable', async () => {
    using dir = tempDir();
    writeFileSync(dir.file('log'), '');
    await using web = startProgram(main, ['--log-dir', dir.file('log')], {
      LISTEN: '127.0.0.1:0',
      ADMIN_LISTEN: '127.0.0.1:0',
      REDIS_URL: 'redis://127.0.0.1:1',
    });
    expect(await web.ended).toEqual({ code: 2, signal: null });
    expect(web.log.at(-1)).toMatchObject({
      level: 'error',
      code: 'log-dir',
      msg: expect.stringMatching(/^--log-dir ".*\/log": expected a folder to write to: /),
    });
  });

  it('lose only counted lines if the disk fails, and no request', async () => {
    await using web = await RunningWeb.start({ LOG_MAX_SIZE: '1KB' });
    // a folder blocks the next rotation
    rmSync(web.logDir, { recursive: true });
    writeFileSync(web.logDir, '');
    for (let view = 0; view < 20; view++) expect((await web.fetch('/api/info')).status).toBe(200);
    await eventually(async () =>
      /web_log_lines_dropped_total\{file="access",reason="\w+"\} \d+/.test(
        await (await web.admin('/metrics')).text(),
      ),
    );
    await web.program.waitForLog('access.log failing');
    rmSync(web.logDir);
    await web.fetch('/api/info');
    await web.program.waitForLog('access.log recovered');
    await eventually(() => web.logLines('access').length > 0);
  });
});
