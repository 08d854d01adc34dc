import { commandWords, programsRun, scriptOf } from '../pod/command.ts';
import { configFiles } from '../pod/config-files.ts';
import type { Container } from '../pod/container.ts';
import { environment } from '../pod/environment.ts';
import type { Input } from '../pod/input.ts';
import type { Pod } from '../pod/pod.ts';
import { imagePath, programOfImage } from '../roles/programs/find-program.ts';

/** How a helper among the plain containers comes to its end, so that the pod completes. */
export type End =
  /** By itself, whatever the others do. */
  | { readonly kind: 'itself' }
  /** As long as something else sees to it. */
  | { readonly kind: 'ended'; readonly how: string };

const quits =
  /\/quitquitquit|\/graceful_shutdown|\/v1\.0\/shutdown|:4191\/shutdown|\b(?:scuttle|linkerd-await|kubexit|pilot-agent request POST)\b|\/(?:quit|shutdown|terminate)\b/;
const kills = /\b(?:kill|pkill|killall)\b/;
const enders = /^(?:kubexit|scuttle|linkerd-await|argoexec)$|terminator|killer|reaper/;
const steers = /(?:^|[-_])(?:controller|supervisor|watchdog)(?:$|[-_])/;

/** What ends a helper of a pod that should complete, as far as the input says; undefined where nothing does. */
export function endOf(helper: Container, pod: Pod, input: Input): End | undefined {
  if (endsItself(helper, pod, input)) return { kind: 'itself' };
  const others = pod.containers.filter((other) => other !== helper && other.form !== 'init');
  for (const other of others) {
    const how = endedBy(other, helper, { pod, input });
    if (how !== undefined) return { kind: 'ended', how };
  }
  return undefined;
}

function endedBy(other: Container, helper: Container, { pod, input }: Around): string | undefined {
  const text = textOf(other, pod, input);
  const call = quits.exec(text)?.[0];
  if (call !== undefined) return `${other.name} ends it (${call})`;
  if (pod.spec.shareProcessNamespace === true && kills.test(text)) {
    return `${other.name} kills it (shareProcessNamespace)`;
  }
  const image = imagePath(other.spec.image ?? '');
  const program = image.slice(image.lastIndexOf('/') + 1);
  const isThird = pod.containers.filter(({ form }) => form === 'app').length > 2;
  const steersPod =
    [other.name, program].some((one) => steers.test(one)) && (isThird || reachesOthers(text, pod));
  if (enders.test(program) || enders.test(other.name) || steersPod) return `${other.name} ends it`;
  const file = markers(text).find((one) => textOf(helper, pod, input).includes(one));
  return file && `it waits for ${file}, which ${other.name} writes`;
}

interface Around {
  readonly pod: Pod;
  readonly input: Input;
}

/** Through the process namespace of the pod, or through the API. */
function reachesOthers(text: string, { spec }: Pod): boolean {
  return (
    spec.shareProcessNamespace === true || /\bkubectl\b/.test(text) || spec.serviceAccountName !== undefined
  );
}

/** Files that a script writes to tell others that it is done. */
function markers(text: string): string[] {
  return [...text.matchAll(/\b(?:touch|>)\s{0,9}["']?(\/[\w./-]{2,200})/g)].map(([, file]) => file ?? '');
}

const once = /^--?(?:one-?time|once|run-once|exit-once|oneshot)(?:=true)?$/;
const onceVariable = /ONE_?TIME|RUN_ONCE|ONESHOT/;
const endless =
  /\b(?:while|until)\s{1,9}(?:true|:|1|false|\[\s{0,9}1)|\bsleep\s{1,9}inf|\btail\s{1,9}-\w{0,9}[fF]|\bfor\s{0,9}\(\(\s{0,9};;|\bnc\s{1,9}-\w{0,9}l|\binotifywait\b/;

function endsItself(helper: Container, pod: Pod, input: Input): boolean {
  const files = configFiles(helper, pod, input);
  const isOnce =
    commandWords(helper).some((word) => once.test(word)) ||
    [...environment(helper, pod, input)].some(
      ([name, { value }]) => onceVariable.test(name) && value === 'true',
    );
  const script = scriptOf(helper, files) ?? commandWords(helper).join(' ');
  const isTool = programOfImage(helper.spec.image ?? '')?.program.kind === 'tool';
  return isOnce || (isTool && programsRun(helper, files).length > 0 && !endless.test(script));
}

/** All that a container is started with, hooks and files of the input too. */
function textOf(container: Container, pod: Pod, input: Input): string {
  const { lifecycle } = container.spec;
  const hooks = [lifecycle?.preStop, lifecycle?.postStart].flatMap((hook) => hook?.exec?.command ?? []);
  const values = [...environment(container, pod, input)].map(([name, { value }]) => `${name}=${value}`);
  const files = configFiles(container, pod, input).map(({ text }) => text);
  return [...commandWords(container), ...hooks, ...values, ...files].join('\n');
}
