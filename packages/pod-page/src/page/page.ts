import type { PodState } from '../pod/container.ts';
import type { Assets } from './assets.ts';
import { type Html, html } from './html.ts';
import { picture } from './picture.ts';

export interface PageModel {
  readonly assets: Pick<Assets, 'html'>;
  readonly title: string | undefined;
  /** Of the pod, where it is known. */
  readonly podName: string;
  readonly version: string;
  /** Whether there is an application to ask. */
  readonly hasApp: boolean;
  readonly clock: () => Date;
}

const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** The page: everything is there without a script, which only keeps it up to date and adds the buttons. */
export function pageOf(model: PageModel): { page(pod: PodState): string; picture(pod: PodState): string } {
  const drawn = keepLast((pod) => picture(pod, model.podName));
  return {
    picture: (pod) => drawn(pod).text,
    page: (pod) => {
      const count = pod.containers.length;
      const title = model.title ?? `One pod, ${words[count] ?? count} container${count === 1 ? '' : 's'}`;
      const parts: Readonly<Record<string, Html>> = {
        title: html`${title}`,
        time: html`${model.clock().toISOString().slice(11, 19)}`,
        picture: drawn(pod),
        actions: html`${String(model.hasApp)}`,
        version: html`${model.version}`,
      };
      return model.assets.html.replace(/\{\{(\w+)\}\}/g, (_, name: string) => parts[name]?.text ?? '');
    },
  };
}

/** However many pages are open: a pod is drawn once for all of them. */
function keepLast(draw: (pod: PodState) => Html): (pod: PodState) => Html {
  let last: { readonly pod: PodState; readonly drawn: Html } | undefined;
  return (pod) => {
    if (last?.pod !== pod) last = { pod, drawn: draw(pod) };
    return last.drawn;
  };
}
