import type { Finding, Review } from '../review.ts';
import { rules } from '../rules/index.ts';

const levels = { error: 'error', warning: 'warning', info: 'note' } as const;

/** SARIF 2.1.0, which code hosts and editors read: one run with all rules and the findings. */
export function sarifReport({ findings }: Review, version: string): string {
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'pod-review', version, rules: rules.map(describeRule) } },
        columnKind: 'utf16CodeUnits',
        results: findings.map(toResult),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function describeRule({ id, severity, why, fix, link }: (typeof rules)[number]) {
  return {
    id,
    shortDescription: { text: id.replaceAll('-', ' ') },
    fullDescription: { text: why },
    help: { text: fix },
    helpUri: link,
    defaultConfiguration: { level: levels[severity] },
  };
}

function toResult({ rule, severity, file, line, column, pod, container, message, fix }: Finding) {
  const logical = [pod, container].filter((part) => part !== null).join('/');
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex(({ id }) => id === rule),
    level: levels[severity],
    message: { text: `${message}. ${fix}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: toUri(file) },
          region: { startLine: line, startColumn: column },
        },
        ...(logical === '' ? {} : { logicalLocations: [{ fullyQualifiedName: logical }] }),
      },
    ],
  };
}

/** A path as a relative reference, with reserved characters of URIs escaped. */
function toUri(file: string): string {
  return file.split(/[\\/]/).map(encodeURIComponent).join('/');
}
