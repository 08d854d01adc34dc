import type { PodState } from '../pod/container.ts';
import { assets } from './assets.ts';
import { html } from './html.ts';
import { picture } from './picture.ts';

export interface PageModel {
  readonly title: string | undefined;
  /** Of the pod, where it is known. */
  readonly podName: string;
  readonly version: string;
  /** Whether there is an application to ask. */
  readonly hasApp: boolean;
}

/** The whole page, and the picture in it. */
export interface Drawing {
  readonly page: (pod: PodState) => string;
  readonly picture: (pod: PodState) => string;
}

/** The page is complete without its script, which only updates it and adds the buttons. */
export function drawingOf({ title, podName, version, hasApp }: PageModel): Drawing {
  let last: { readonly pod: PodState; readonly text: string } | undefined;
  // draw a pod once for all open pages
  const draw = (pod: PodState): string => {
    if (last?.pod !== pod) last = { pod, text: picture(pod, podName).text };
    return last.text;
  };
  const page = (pod: PodState): string => {
    const parts: Readonly<Record<string, string>> = {
      title: title ?? 'One pod and its containers',
      time: new Date().toISOString().slice(11, 19),
      actions: String(hasApp),
      version,
    };
    return assets.html.replace(/\{\{(\w+)\}\}/g, (_, name: string) =>
      name === 'picture' ? draw(pod) : html`${parts[name]}`.text,
    );
  };
  return { page, picture: draw };
}
