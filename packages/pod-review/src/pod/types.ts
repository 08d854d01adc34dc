/** The API's types as rules see them. */
export type {
  IContainer,
  IContainerPort,
  ICronJob,
  IEnvVar,
  ILifecycleHandler,
  IPod,
  IPodSpec,
  IPodTemplateSpec,
  IProbe,
  IVolume,
} from '../../types/kubernetes.ts';
