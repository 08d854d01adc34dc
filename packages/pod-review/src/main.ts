#!/usr/bin/env node
import { type Config, complain, configure, exitCode } from '@pod-patterns/kit';
import { explain } from './explain.ts';
import { loadFiles, wrongRules } from './inputs.ts';
import { program } from './options.ts';
import { drawPods } from './picture/draw-pods.ts';
import { report } from './report/report.ts';
import { review } from './review.ts';
import { isAtLeast } from './rules/rule.ts';

type Settings = Config<typeof program.options>;

// a reader such as `head` may close the pipe early
process.stdout.on('error', () => process.exit());

void main();

async function main(): Promise<void> {
  const { config, operands } = await configure(program, findFaults);
  const [first, ...rest] = operands;
  if (first === 'explain') explainRules(rest);
  else if (first === 'picture') drawPicture(rest, config);
  else reviewAll(operands, config);
}

function explainRules(rules: readonly string[]): void {
  const faults = wrongRules(rules);
  if (faults.length > 0) usage(faults);
  process.stdout.write(explain(rules));
}

function drawPicture(
  paths: readonly string[],
  { format = 'svg', kubernetesVersion: version }: Settings,
): void {
  if (format !== 'svg' && format !== 'mermaid')
    usage([`--format "${format}": expected svg or mermaid for a picture`]);
  else process.stdout.write(drawPods(loadFiles(paths, usage), { format, version }));
}

function reviewAll(paths: readonly string[], config: Settings): void {
  const { format = 'text', failOn, severity, kubernetesVersion: version } = config;
  const ignore = new Set(config.ignore.flat());
  if (format === 'svg' || format === 'mermaid') {
    usage([`--format "${format}": only for pod-review picture; expected text, json, sarif or github`]);
  }
  const all = review(loadFiles(paths, usage), { version, ignore });
  const shown = { ...all, findings: all.findings.filter((finding) => isAtLeast(finding.severity, severity)) };
  const hasColour = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined;
  process.stdout.write(report(shown, { format, hasColour, version: program.version }));
  process.exitCode = all.findings.some((finding) => isAtLeast(finding.severity, failOn)) ? 1 : 0;
}

function findFaults({ ignore }: Settings): string[] {
  return wrongRules([...new Set(ignore.flat())]).map((fault) => `--ignore ${fault}`);
}

function usage(faults: readonly string[]): never {
  complain(exitCode.usage, faults, program);
}
