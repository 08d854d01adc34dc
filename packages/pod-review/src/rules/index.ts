import { adaptorNotScraped } from './adaptor-not-scraped.ts';
import { ambassadorNotOnLoopback } from './ambassador-not-on-loopback.ts';
import { appWithoutReadinessProbe } from './app-without-readiness-probe.ts';
import { datastoreBesideApp } from './datastore-beside-app.ts';
import { deprecatedApi } from './deprecated-api.ts';
import { emptyDirWithoutLimit } from './empty-dir-without-limit.ts';
import { faultRules } from './fault-rules.ts';
import { gracePeriodTooShort } from './grace-period-too-short.ts';
import { helperCouldBeShared } from './helper-could-be-shared.ts';
import { helperNotNativeSidecar } from './helper-not-native-sidecar.ts';
import { hpaCountsSidecars } from './hpa-counts-sidecars.ts';
import { ignoreWithoutReason } from './ignore-without-reason.ts';
import { imageNotPinned } from './image-not-pinned.ts';
import { initAfterSidecars } from './init-after-sidecars.ts';
import { initWaitsForever } from './init-waits-forever.ts';
import { livenessChecksDependency } from './liveness-checks-dependency.ts';
import { logSidecarForStdout } from './log-sidecar-for-stdout.ts';
import { migrationInInit } from './migration-in-init.ts';
import { missingLimits } from './missing-limits.ts';
import { portTakenTwice } from './port-taken-twice.ts';
import { preStopEndsSidecar } from './pre-stop-ends-sidecar.ts';
import { preStopSleepByExec } from './pre-stop-sleep-by-exec.ts';
import { probeWithHost } from './probe-with-host.ts';
import { restrictedViolation } from './restricted-violation.ts';
import type { Rule } from './rule.ts';
import { serviceAccountTokenUnused } from './service-account-token-unused.ts';
import { servicePortNotInPod } from './service-port-not-in-pod.ts';
import { sidecarWaitsForApp } from './sidecar-waits-for-app.ts';
import { sidecarWithoutStartupProbe } from './sidecar-without-startup-probe.ts';
import { twoAppsInOnePod } from './two-apps-in-one-pod.ts';
import { unreadable } from './unreadable.ts';
import { volumeNotShared } from './volume-not-shared.ts';

/** All rules, in the order in which `explain` lists them: faults for the API server first, then by subject. */
export const rules: readonly Rule[] = [
  unreadable,
  ...faultRules,
  deprecatedApi,
  datastoreBesideApp,
  twoAppsInOnePod,
  helperNotNativeSidecar,
  sidecarWithoutStartupProbe,
  sidecarWaitsForApp,
  initWaitsForever,
  initAfterSidecars,
  migrationInInit,
  volumeNotShared,
  emptyDirWithoutLimit,
  logSidecarForStdout,
  ambassadorNotOnLoopback,
  adaptorNotScraped,
  helperCouldBeShared,
  portTakenTwice,
  servicePortNotInPod,
  gracePeriodTooShort,
  preStopEndsSidecar,
  preStopSleepByExec,
  probeWithHost,
  livenessChecksDependency,
  appWithoutReadinessProbe,
  hpaCountsSidecars,
  missingLimits,
  restrictedViolation,
  serviceAccountTokenUnused,
  imageNotPinned,
  ignoreWithoutReason(() => rules.map(({ id }) => id)),
];
