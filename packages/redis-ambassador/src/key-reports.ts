import { type AdminHandler, maskText } from '@pod-patterns/kit';

/** Answers with a list of what was seen of keys. A field with the name `key` is no secret here; what it holds may be. */
export function keyReport(report: () => ReadonlyArray<{ readonly key: string | null }>): AdminHandler {
  return (_, response) => {
    const shown = report().map((one) => ({ ...one, key: one.key === null ? null : maskText(one.key) }));
    response.writeHead(200, { 'content-type': 'application/json' }).end(`${JSON.stringify(shown)}\n`);
  };
}
