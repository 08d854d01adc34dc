import { Input } from './pod/input.ts';
import { readPods } from './pod/pod.ts';
import { inferRoles } from './roles/infer-roles.ts';
import type { PodWithRoles } from './roles/role.ts';
import { ignoreOf } from './rules/ignore.ts';
import { rules } from './rules/index.ts';
import { type Problem, type Rule, type Scope, type Severity, severities } from './rules/rule.ts';
import { unreadable } from './rules/unreadable.ts';
import type { KubernetesVersion } from './strict/api/versions.ts';
import type { SourceFile } from './strict/load/find-files.ts';
import { readObjects } from './strict/load/objects.ts';
import { type KubernetesObject, readObject } from './strict/read-object.ts';

/** Something to mend, and where. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The object it is about, as `Deployment/web`; null for a file that could not be read. */
  readonly pod: string | null;
  readonly container: string | null;
  readonly message: string;
  readonly fix: string;
  readonly link: string;
}

export interface ReviewedPod {
  readonly pod: PodWithRoles;
  /** Inappropriate: it holds containers that must live apart. */
  readonly verdict: 'fine' | 'inappropriate';
}

export interface Review {
  /** How many files were read. */
  readonly files: number;
  readonly pods: readonly ReviewedPod[];
  readonly findings: readonly Finding[];
}

export interface ReviewOptions {
  readonly version?: KubernetesVersion;
  /** Rules to leave out. */
  readonly ignore?: ReadonlySet<string>;
}

/** Reviews files together, so that rules see across them. Whatever the files hold, it does not throw. */
export function review(files: readonly SourceFile[], options: ReviewOptions = {}): Review {
  const { version = '1.33', ignore = new Set<string>() } = options;
  const found: Found[] = [];
  const objects: KubernetesObject[] = [];
  for (const file of files) {
    const read = readObjects(file);
    if ('message' in read) found.push({ finding: ofFile(read) });
    else for (const source of read) objects.push(readObject(source, version));
  }
  const bare = objects.flatMap((object) => readPods(object, version));
  const around = new Input({ version, objects, pods: bare });
  const pods = bare.map((pod) => inferRoles(pod, around));
  const input = new Input({ version, objects, pods });
  for (const rule of rules) {
    // not spread: a file decides how many there are, and that many arguments may not fit
    if (!ignore.has(rule.id)) for (const one of applyRule(rule, input)) found.push(one);
  }
  const kept = found.filter(({ finding }) => !ignore.has(finding.rule));
  const parted = new Set(kept.filter(({ separates }) => separates).map(({ pod }) => pod));
  return {
    files: files.length,
    pods: pods.map((pod) => ({ pod, verdict: parted.has(pod) ? 'inappropriate' : 'fine' })),
    findings: kept.map(({ finding }) => finding).sort(byPlace),
  };
}

/** A finding with the pod that it is about, where it is about one. */
interface Found {
  readonly finding: Finding;
  readonly pod?: PodWithRoles | undefined;
  readonly separates?: boolean;
}

function applyRule(rule: Rule, input: Scope): Found[] {
  const { check } = rule;
  if (check === undefined) return [];
  if ('object' in check) {
    return input.objects.flatMap((object) => toFindings(rule, { object }, check.object(object, input)));
  }
  return input.pods.flatMap((pod) => toFindings(rule, { object: pod.object, pod }, check.pod(pod, input)));
}

interface Subject {
  readonly object: KubernetesObject;
  readonly pod?: PodWithRoles;
}

function toFindings(rule: Rule, { object, pod }: Subject, problems: Iterable<Problem>): Found[] {
  const ignored = ignoreOf(object);
  if (ignored.rules.has(rule.id)) return [];
  const { source, kind, name } = object;
  return [...problems].map((problem) => {
    const locate = problem.isAboutKey ? source.keyPosition : source.position;
    const place = problem.position ?? locate(problem.path);
    const finding: Finding = {
      rule: rule.id,
      severity: problem.severity ?? rule.severity,
      file: source.file,
      ...place,
      pod: `${kind}/${name}`,
      container: problem.container ?? null,
      message: problem.message,
      fix: problem.fix ?? rule.fix,
      link: rule.link,
    };
    return { finding, pod, separates: rule.separates === true && finding.severity === 'error' };
  });
}

function ofFile({
  file,
  message,
  position,
}: {
  file: string;
  message: string;
  position: { line: number; column: number };
}): Finding {
  const { id, severity, fix, link } = unreadable;
  return { rule: id, severity, file, ...position, pod: null, container: null, message, fix, link };
}

function byPlace(a: Finding, b: Finding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (
    a.line - b.line || a.column - b.column || severities.indexOf(a.severity) - severities.indexOf(b.severity)
  );
}
