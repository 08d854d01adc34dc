import { type AdminHandler, maskText } from '@pod-patterns/kit';

/** Answers with a list of observed keys. A field named `key` is not a secret here; its content may be. */
export function keyReport(report: () => ReadonlyArray<{ readonly key: string | null }>): AdminHandler {
  return (_, response) => {
    const shown = report().map((one) => ({ ...one, key: one.key === null ? null : maskText(one.key) }));
    response.writeHead(200, { 'content-type': 'application/json' }).end(`${JSON.stringify(shown)}\n`);
  };
}
