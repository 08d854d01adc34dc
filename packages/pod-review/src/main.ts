#!/usr/bin/env node
import { complain, configure, exitCode } from '@pod-patterns/kit';
import { explain } from './explain.ts';
import { loadFiles, wrongRules } from './inputs.ts';
import { program } from './options.ts';
import { drawPods } from './picture/draw-pods.ts';
import { report } from './report/report.ts';
import { review } from './review.ts';
import { isAtLeast } from './rules/rule.ts';

// who reads only the first lines, as `head` does, has seen enough
process.stdout.on('error', () => process.exit());

const { config, operands } = await configure(program);
const { failOn, severity, kubernetesVersion: version } = config;
const ignore = new Set(config.ignore.flat());
const usage = (faults: readonly string[]) => complain(exitCode.usage, faults, program);

const [first, ...rest] = operands;
if (first === 'explain') {
  const faults = wrongRules(rest);
  if (faults.length > 0) usage(faults);
  process.stdout.write(explain(rest));
} else if (first === 'picture') {
  const { format = 'svg' } = config;
  if (format !== 'svg' && format !== 'mermaid') usage([`--format ${format}: a picture is svg or mermaid`]);
  else process.stdout.write(drawPods(loadFiles(rest, usage), { format, version }));
} else {
  const { format = 'text' } = config;
  const faults = wrongRules([...ignore]).map((fault) => `--ignore ${fault}`);
  if (format === 'svg' || format === 'mermaid') faults.push(`--format ${format}: only for picture`);
  if (faults.length > 0) usage(faults);
  const all = review(loadFiles(operands, usage), { version, ignore });
  const shown = { ...all, findings: all.findings.filter((finding) => isAtLeast(finding.severity, severity)) };
  const hasColour = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined;
  process.stdout.write(report(shown, { format, hasColour, version: program.version }));
  process.exitCode = all.findings.some((finding) => isAtLeast(finding.severity, failOn)) ? 1 : 0;
}
