/** Manifests as public documentation shows them: facts, in its own numbers and names. */
export interface PublicManifest {
  readonly source: string;
  readonly text: string;
}

export const phpApache: PublicManifest = {
  source:
    'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale-walkthrough/ (php-apache)',
  text: `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: php-apache }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: php-apache }
  minReplicas: 1
  maxReplicas: 10
  metrics:
    - type: Resource
      resource: { name: cpu, target: { type: Utilization, averageUtilization: 50 } }
`,
};

export const severalMetrics: PublicManifest = {
  source:
    'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale-walkthrough/ (multiple metrics)',
  text: `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: php-apache }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: php-apache }
  minReplicas: 1
  maxReplicas: 10
  metrics:
    - type: Resource
      resource: { name: cpu, target: { type: Utilization, averageUtilization: 50 } }
    - type: Pods
      pods: { metric: { name: packets-per-second }, target: { type: AverageValue, averageValue: 1k } }
    - type: Object
      object:
        metric: { name: requests-per-second }
        describedObject: { apiVersion: networking.k8s.io/v1, kind: Ingress, name: main-route }
        target: { type: Value, value: 10k }
`,
};

export const contoso: PublicManifest = {
  source:
    'https://learn.microsoft.com/en-us/training/modules/aks-application-autoscaling-native/ (fine-tune)',
  text: `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: contoso-website, namespace: hpa-contoso }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: contoso-website }
  minReplicas: 1
  maxReplicas: 10
  behavior:
    scaleUp:
      selectPolicy: Max
      stabilizationWindowSeconds: 120
      policies:
        - { type: Percent, value: 30, periodSeconds: 60 }
        - { type: Pods, value: 7, periodSeconds: 90 }
  metrics:
    - type: Resource
      resource: { name: cpu, target: { type: Utilization, averageUtilization: 20 } }
    - type: Resource
      resource: { name: memory, target: { type: Utilization, averageUtilization: 50 } }
`,
};

export const kedaCron: PublicManifest = {
  source: 'https://keda.sh/docs/latest/scalers/cron/',
  text: `apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: { name: cron-scaledobject, namespace: default }
spec:
  scaleTargetRef: { name: my-deployment }
  minReplicaCount: 0
  triggers:
    - type: cron
      metadata: { timezone: Asia/Kolkata, start: 0 6 * * *, end: 0 20 * * *, desiredReplicas: "10" }
`,
};

export const kedaCpu: PublicManifest = {
  source: 'https://keda.sh/docs/latest/scalers/cpu/',
  text: `apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: { name: cpu-scaledobject, namespace: default }
spec:
  scaleTargetRef: { name: my-deployment }
  triggers:
    - type: cpu
      metricType: Utilization
      metadata: { value: "50" }
`,
};
