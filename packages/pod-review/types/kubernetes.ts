import type { IDeploymentSpec } from 'kubernetes-models/apps/v1/DeploymentSpec';
import type { IPod } from 'kubernetes-models/v1/Pod';

export type { IDaemonSet } from 'kubernetes-models/apps/v1/DaemonSet';
export type { IDaemonSetSpec } from 'kubernetes-models/apps/v1/DaemonSetSpec';
export type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
export type { IDeploymentSpec } from 'kubernetes-models/apps/v1/DeploymentSpec';
export type { IReplicaSet } from 'kubernetes-models/apps/v1/ReplicaSet';
export type { IReplicaSetSpec } from 'kubernetes-models/apps/v1/ReplicaSetSpec';
export type { IStatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
export type { IStatefulSetSpec } from 'kubernetes-models/apps/v1/StatefulSetSpec';
export type { IHorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
export type { IHorizontalPodAutoscalerSpec } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscalerSpec';
export type { IMetricSpec } from 'kubernetes-models/autoscaling/v2/MetricSpec';
export type { IMetricTarget } from 'kubernetes-models/autoscaling/v2/MetricTarget';
export type { ICronJob } from 'kubernetes-models/batch/v1/CronJob';
export type { ICronJobSpec } from 'kubernetes-models/batch/v1/CronJobSpec';
export type { IJob } from 'kubernetes-models/batch/v1/Job';
export type { IJobSpec } from 'kubernetes-models/batch/v1/JobSpec';
export type { IIngress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
export type { IIngressBackend } from 'kubernetes-models/networking.k8s.io/v1/IngressBackend';
export type { IIngressSpec } from 'kubernetes-models/networking.k8s.io/v1/IngressSpec';
export type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
export type { INetworkPolicyPeer } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicyPeer';
export type { INetworkPolicyPort } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicyPort';
export type { INetworkPolicySpec } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicySpec';
export type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
export type { IPodDisruptionBudgetSpec } from 'kubernetes-models/policy/v1/PodDisruptionBudgetSpec';
/**
 * The API's types that the sources use, from kubernetes-models. Types only: nothing of that package is in the
 * bundle. `decode` gives values these shapes, whatever a manifest holds.
 */
export type { IClusterRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole';
export type { IPolicyRule } from 'kubernetes-models/rbac.authorization.k8s.io/v1/PolicyRule';
export type { IRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding';
export type { IRoleRef } from 'kubernetes-models/rbac.authorization.k8s.io/v1/RoleRef';
export type { ISubject } from 'kubernetes-models/rbac.authorization.k8s.io/v1/Subject';
export type { IStorageClass } from 'kubernetes-models/storage.k8s.io/v1/StorageClass';
export type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
export type { IContainer } from 'kubernetes-models/v1/Container';
export type { IContainerPort } from 'kubernetes-models/v1/ContainerPort';
export type { IDownwardAPIVolumeFile } from 'kubernetes-models/v1/DownwardAPIVolumeFile';
export type { IEnvVar } from 'kubernetes-models/v1/EnvVar';
export type { IKeyToPath } from 'kubernetes-models/v1/KeyToPath';
export type { ILifecycleHandler } from 'kubernetes-models/v1/LifecycleHandler';
export type { INodeSelectorTerm } from 'kubernetes-models/v1/NodeSelectorTerm';
export type { IPersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
export type { IPersistentVolumeClaimSpec } from 'kubernetes-models/v1/PersistentVolumeClaimSpec';
export type { IPod } from 'kubernetes-models/v1/Pod';
export type { IPodAffinityTerm } from 'kubernetes-models/v1/PodAffinityTerm';
export type { IPodSecurityContext } from 'kubernetes-models/v1/PodSecurityContext';
export type { IPodSpec } from 'kubernetes-models/v1/PodSpec';
export type { IPodTemplate } from 'kubernetes-models/v1/PodTemplate';
export type { IPodTemplateSpec } from 'kubernetes-models/v1/PodTemplateSpec';
export type { IProbe } from 'kubernetes-models/v1/Probe';
export type { IProjectedVolumeSource } from 'kubernetes-models/v1/ProjectedVolumeSource';
export type { IReplicationController } from 'kubernetes-models/v1/ReplicationController';
export type { IReplicationControllerSpec } from 'kubernetes-models/v1/ReplicationControllerSpec';
export type { ISecret } from 'kubernetes-models/v1/Secret';
export type { ISecurityContext } from 'kubernetes-models/v1/SecurityContext';
export type { IService } from 'kubernetes-models/v1/Service';
export type { IServiceSpec } from 'kubernetes-models/v1/ServiceSpec';
export type { IToleration } from 'kubernetes-models/v1/Toleration';
export type { ITopologySpreadConstraint } from 'kubernetes-models/v1/TopologySpreadConstraint';
export type { IVolume } from 'kubernetes-models/v1/Volume';
export type { IVolumeMount } from 'kubernetes-models/v1/VolumeMount';

export type ILabelSelector = IDeploymentSpec['selector'];
export type IObjectMeta = NonNullable<IPod['metadata']>;
