import { expect } from 'vitest';
import { testRule } from '../../testing/rule-table.ts';
import { unreadable } from './unreadable.ts';

const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...'bcdefghij'.split('').map((name, at) => {
    const before = 'abcdefghij'[at] ?? '';
    return `${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`;
  }),
].join('\n');

testRule(unreadable, {
  fires: [
    ['a bracket that is never closed', 'apiVersion: v1\nkind: Pod\nspec: {containers: [', { line: 3 }],
    [
      'a tab for indentation',
      'apiVersion: v1\nkind: Pod\nmetadata:\n\tname: x\n',
      { line: 4, message: expect.stringContaining('tab') },
    ],
    ['an alias bomb', bomb, { message: expect.stringContaining('aliases') }],
    [
      'a Helm template',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}-web\n',
      { line: 4, message: expect.stringContaining('template') },
    ],
    [
      'a template between quotes',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: "{{ .Release.Name }}"\n',
      { line: 4 },
    ],
    [
      'a block of a template',
      '{{- if .Values.enabled }}\napiVersion: v1\nkind: Pod\n{{- end }}\n',
      { line: 1, message: expect.stringContaining('helm template') },
    ],
    [
      'a map without a kind',
      'services:\n  web: {image: nginx}\n',
      { line: 1, message: expect.stringContaining('kind') },
    ],
    [
      'a map without apiVersion',
      'kind: Pod\nmetadata: {name: x}\n',
      { message: expect.stringContaining('apiVersion') },
    ],
    ['plain text', 'just some words\n', { line: 1 }],
    ['a list at the top', '- a\n- b\n'],
    ['an item of a List that is not an object', 'apiVersion: v1\nkind: List\nitems:\n  - 5\n', { line: 4 }],
    ['extreme nesting', `${'['.repeat(20_000)}`],
  ],
  passes: [
    [
      'an Alertmanager template in a Secret',
      'apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData:\n  a.yaml: |\n    {{ range .Alerts }}{{ .Status }}{{ end }}\n',
    ],
    ['an empty file', ''],
    ['comments and empty documents', '# nothing\n---\n---\n'],
    [
      'braces in a ConfigMap',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  alert: "{{ $labels.pod }} is down"\n',
    ],
    [
      'braces in an argument',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n    - {name: a, image: "docker:1", args: ["--format", "{{.Names}}"]}\n',
    ],
    [
      'a template of a custom resource',
      'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: x}\nspec:\n  template: {metadata: {name: "{{ cluster }}"}}\n',
    ],
    [
      'a kustomization',
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n',
    ],
  ],
});
