import { commandWords, programsRun, scriptOf } from '../pod/command.ts';
import { configFiles } from '../pod/config-files.ts';
import { type Container, mostCompared } from '../pod/container.ts';
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

/** Ways to end the helpers of a pod that should complete, as far as the input shows. */
export function endsOf(pod: Pod, input: Input): (helper: Container) => End | undefined {
  const running = pod.containers.filter(({ form }) => form !== 'init').slice(0, mostCompared);
  const others = running.map((container) => enderOf(container, pod, textOf(container, pod, input)));
  return (helper) => {
    if (endsItself(helper, pod, input)) return { kind: 'itself' };
    const text = textOf(helper, pod, input);
    for (const { container, ends, writes } of others) {
      if (container === helper) continue;
      const file = writes.find((one) => text.includes(one));
      const how = ends ?? (file && `it waits for ${file} from ${container.name}`);
      if (how !== undefined) return { kind: 'ended', how };
    }
    return undefined;
  };
}

/** Means of a container to end others. */
interface Ender {
  readonly container: Container;
  /** How it ends whatever stands beside it. */
  readonly ends: string | undefined;
  /** The files by which it tells that it is done. */
  readonly writes: readonly string[];
}

function enderOf(container: Container, pod: Pod, text: string): Ender {
  return { container, ends: endingOf(container, pod, text), writes: markers(text) };
}

function endingOf({ name, spec }: Container, pod: Pod, text: string): string | undefined {
  const call = quits.exec(text)?.[0];
  if (call !== undefined) return `${name} ends it (${call})`;
  if (pod.spec.shareProcessNamespace === true && kills.test(text)) {
    return `${name} kills it (shareProcessNamespace)`;
  }
  const image = imagePath(spec.image ?? '');
  const names = [name, image.slice(image.lastIndexOf('/') + 1)];
  const isThird = pod.containers.filter(({ form }) => form === 'app').length > 2;
  const isController = names.some((one) => steers.test(one)) && (isThird || reachesOthers(text, pod));
  return isController || names.some((one) => enders.test(one)) ? `${name} ends it` : undefined;
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
