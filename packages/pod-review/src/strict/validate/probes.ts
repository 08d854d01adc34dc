import type { IContainer, ILifecycleHandler, IProbe } from '../../../types/kubernetes.ts';
import { portNumber, portNumberOrName } from './names.ts';
import type { Place } from './place.ts';

type Handler = Pick<IProbe, 'exec' | 'httpGet' | 'tcpSocket' | 'grpc'> & Pick<ILifecycleHandler, 'sleep'>;

const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const;

/** The probes and hooks of a container that may have them. */
export function validateProbes(container: IContainer, graceSeconds: number, place: Place): void {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  for (const [name, probe] of Object.entries({ livenessProbe, startupProbe })) {
    if (probe === undefined) continue;
    validateProbe(probe, graceSeconds, place.at(name));
    const { successThreshold = 0 } = probe;
    if (successThreshold > 1) place.at(name, 'successThreshold').invalid(`${successThreshold} must be 1`);
  }
  if (readinessProbe !== undefined) {
    const here = place.at('readinessProbe');
    validateProbe(readinessProbe, graceSeconds, here);
    if (readinessProbe.terminationGracePeriodSeconds !== undefined) {
      here.at('terminationGracePeriodSeconds').invalid('not allowed in a readiness probe');
    }
  }
  for (const [name, hook] of Object.entries({
    postStart: lifecycle?.postStart,
    preStop: lifecycle?.preStop,
  })) {
    if (hook !== undefined) validateHandler(hook, graceSeconds, place.at('lifecycle', name));
  }
}

function validateProbe(probe: IProbe, graceSeconds: number, place: Place): void {
  validateHandler(probe, graceSeconds, place);
  place.at('initialDelaySeconds').notNegative(probe.initialDelaySeconds);
  place.at('timeoutSeconds').notNegative(probe.timeoutSeconds);
  place.at('periodSeconds').notNegative(probe.periodSeconds);
  place.at('successThreshold').notNegative(probe.successThreshold);
  place.at('failureThreshold').notNegative(probe.failureThreshold);
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined && grace <= 0) {
    place.at('terminationGracePeriodSeconds').invalid(`${grace} must be more than 0`);
  }
}

/** Exactly one way to ask or act, and that one in order. */
function validateHandler(handler: Handler, graceSeconds: number, place: Place): void {
  const [first, ...others] = handlers.filter((name) => handler[name] !== undefined);
  if (first === undefined)
    place.missing('expected a handler: exec, httpGet, tcpSocket, grpc (or sleep in a hook)');
  for (const other of others)
    place.at(other).forbidden(`only one handler is allowed, and ${first} is already set`);
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  if (first === 'exec' && (exec?.command ?? []).length === 0) place.at('exec', 'command').missing();
  if (first === 'httpGet' && httpGet !== undefined) {
    place.at('httpGet', 'port').check(portNumberOrName(httpGet.port));
    for (const [index, { name }] of (httpGet.httpHeaders ?? []).entries()) {
      if (!/^[-A-Za-z0-9]+$/.test(name)) {
        place
          .at('httpGet', 'httpHeaders', index, 'name')
          .invalid(`${JSON.stringify(name)} is not a header name`);
      }
    }
  }
  if (first === 'tcpSocket' && tcpSocket !== undefined) {
    place.at('tcpSocket', 'port').check(portNumberOrName(tcpSocket.port));
  }
  if (first === 'grpc' && grpc !== undefined) place.at('grpc', 'port').check(portNumber(grpc.port));
  if (first === 'sleep' && sleep !== undefined && graceSeconds >= 0) {
    const { seconds } = sleep;
    if (seconds < 0 || seconds > graceSeconds) {
      place
        .at('sleep', 'seconds')
        .invalid(`${seconds} is not between 0 and the grace period of ${graceSeconds} s`);
    }
  }
}
