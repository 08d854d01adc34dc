/** The API's types as rules see them: what `decode` has given this shape. */
export type { ICronJob } from 'kubernetes-models/batch/v1/CronJob';
export type { IContainer } from 'kubernetes-models/v1/Container';
export type { IContainerPort } from 'kubernetes-models/v1/ContainerPort';
export type { IEnvVar } from 'kubernetes-models/v1/EnvVar';
export type { ILifecycleHandler } from 'kubernetes-models/v1/LifecycleHandler';
export type { IPod } from 'kubernetes-models/v1/Pod';
export type { IPodSpec } from 'kubernetes-models/v1/PodSpec';
export type { IPodTemplateSpec } from 'kubernetes-models/v1/PodTemplateSpec';
export type { IProbe } from 'kubernetes-models/v1/Probe';
export type { IVolume } from 'kubernetes-models/v1/Volume';
