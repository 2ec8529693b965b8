import { z } from 'zod';
import { acrossFields } from './across-fields.ts';
import { pattern } from './scalars.ts';

/** Of objects, and of namespaces. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
function objectName(of: string) {
  return pattern(
    /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/,
    `expected the name of a ${of}: lower-case letters, digits, hyphens and dots`,
  );
}

const eksCluster = z.strictObject({
  eks: pattern(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/,
    'expected the name of a cluster of EKS, not its ARN',
  ).describe('A cluster of EKS by its name: the functions reach it as their role.'),
});

const otherCluster = z.strictObject({
  server: pattern(
    /^https:\/\/[^\s/?#]+(\/[^\s?#]*)?$/,
    'expected the URL of the API server, like https://10.0.0.1:6443',
  ).describe('Where the API server is.'),
  caData: pattern(/^[A-Za-z0-9+/=\s]+$/, 'expected a certificate in base64, as a kubeconfig has it')
    .optional()
    .describe(
      'The certificate of its authority, in base64, as a kubeconfig has it. Default: the usual ones.',
    ),
  token: pattern(/^[A-Za-z0-9/_+=.@-]{1,512}$/, 'expected the name of a secret of Secrets Manager').describe(
    'The name of a secret of Secrets Manager that is {"token": …}: the token of a service account.',
  ),
});

const pulledCluster = z.strictObject({
  pull: pattern(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    'expected a name for the cluster: letters, digits, hyphens and dots',
  ).describe(
    'A cluster by a name of yours that nobody asks: KEDA in it reads from CloudWatch how many pods are wanted.',
  ),
});

const scaledResource = z.strictObject({
  apiVersion: pattern(
    /^[a-z0-9.-]+\/[a-z0-9]+$/,
    'expected a group and a version, like argoproj.io/v1alpha1',
  ).describe('Its group and version.'),
  kind: pattern(/^[A-Z][A-Za-z0-9]*$/, 'expected a kind, like Rollout').describe('Its kind.'),
  plural: pattern(/^[a-z0-9]+$/, 'expected the plural of the kind, as in its path: rollouts').describe(
    'The plural of its kind, as its path has it.',
  ),
  name: objectName('resource').describe('Its name.'),
});

const kinds = ['deployment', 'statefulSet', 'resource'] as const;

/** A workload of Kubernetes that exists. */
export const kubernetesWorkload = acrossFields(
  z.strictObject({
    cluster: z
      .union([eksCluster, pulledCluster, otherCluster], {
        error: () => 'expected {eks: NAME}, {pull: NAME}, or {server, caData, token}',
      })
      .describe('The cluster, and how its API is reached.'),
    namespace: pattern(
      /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
      'expected the name of a namespace: lower-case letters, digits and hyphens',
    ).describe('The namespace that the workload is in.'),
    deployment: objectName('deployment')
      .optional()
      .describe('A Deployment; its owner should leave out its replicas.'),
    statefulSet: objectName('StatefulSet').optional().describe('Or a StatefulSet.'),
    resource: scaledResource
      .optional()
      .describe('Or any other resource that has a scale, such as a Rollout.'),
  }),
  (value, complain) => {
    const given = kinds.filter((kind) => kind in value);
    if (given.length !== 1)
      complain(given[1] ?? 'deployment', 'expected exactly one of deployment, statefulSet and resource');
  },
);
