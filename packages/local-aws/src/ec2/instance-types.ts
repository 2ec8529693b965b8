import { ServiceError } from '../service.ts';

const sizes: Readonly<Record<string, number>> = {
  nano: 2,
  micro: 2,
  small: 2,
  medium: 2,
  large: 2,
  xlarge: 4,
  '2xlarge': 8,
  '3xlarge': 12,
  '4xlarge': 16,
  '6xlarge': 24,
  '8xlarge': 32,
  '9xlarge': 36,
  '12xlarge': 48,
  '16xlarge': 64,
  '18xlarge': 72,
  '24xlarge': 96,
  '32xlarge': 128,
  '48xlarge': 192,
  metal: 64,
};

const knownFamilies =
  /^(t2|t3|t3a|t4g|m[4-8]|m[5-8](a|ad|d|dn|g|gd|i|i-flex|id|idn|n|zn)|c[4-8]|c[5-8](a|ad|d|g|gd|gn|i|i-flex|id|in|n)|r[4-8]|r[5-8](a|ad|b|d|dn|g|gd|i|id|idn|in|iz|n))$/;

/** GiB of memory for each vCPU, by the family's first letter. */
const memoryPerVcpu: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8, t: 2 };

/** The families the local cloud offers, in the sizes that a fleet behind a load balancer uses. */
export interface TypeFacts {
  readonly instanceType: string;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly architecture: 'arm64' | 'x86_64';
}

/** @throws ServiceError InvalidInstanceType (as DescribeInstanceTypes says it) */
export function typeFacts(instanceType: string): TypeFacts {
  const [family = '', size = ''] = instanceType.split('.');
  const vcpus = sizes[size];
  if (!vcpus || !knownFamilies.test(family)) {
    throw new ServiceError(
      'InvalidInstanceType',
      `The following supplied instance types do not exist: [${instanceType}]`,
    );
  }
  // Graviton has one vCPU in its medium size.
  const arm = /^(t4g|[mcr]\d+g)/.test(family);
  const actual = arm && size === 'medium' && family !== 't4g' ? 1 : vcpus;
  const memoryMiB = actual * (memoryPerVcpu[family[0]!] ?? 4) * 1024;
  return { instanceType, vcpus: actual, memoryMiB, architecture: arm ? 'arm64' : 'x86_64' };
}

/** What DescribeInstanceTypes lists when nobody names types. */
export function commonTypes(): string[] {
  const families = ['t3', 't4g', 'm6i', 'm7g', 'm7i', 'c6i', 'c7g', 'c7i', 'r7g', 'r7i'];
  return families.flatMap((family) =>
    ['medium', 'large', 'xlarge', '2xlarge', '4xlarge'].map((size) => `${family}.${size}`),
  );
}
