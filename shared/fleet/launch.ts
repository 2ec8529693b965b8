import { z } from 'zod';
import { acrossFields, type Complain, type Draft } from './across-fields.ts';
import { lines, pattern, secretName, text, wholeNumber } from './scalars.ts';

const disk = z.strictObject({
  sizeGiB: wholeNumber(1, 16_384, ' of GiB').describe('Its size.'),
  type: z.enum(['gp3', 'gp2', 'io1', 'io2', 'st1', 'sc1']).default('gp3').describe("EBS's volume type."),
  iops: wholeNumber(100, 256_000).optional().describe('Provisioned input and output operations a second.'),
});

const systemDisk = acrossFields(
  disk.extend({
    device: pattern(/^\/dev\/[a-z0-9]{1,30}$/, 'expected a device like /dev/xvda')
      .default('/dev/xvda')
      .describe("The image's root device."),
  }),
  (draft, complain) => {
    diskRules(draft, complain);
    if (draft.type === 'st1' || draft.type === 'sc1')
      complain('type', `expected gp3, gp2, io1 or io2: no server boots from ${draft.type}`);
  },
);

const dataDisk = acrossFields(
  disk.extend({
    device: pattern(/^\/dev\/(sd|xvd)[b-z]$/, 'expected a device like /dev/sdf').describe(
      'Where it is attached.',
    ),
    keep: z.boolean().default(false).describe('Kept when the server goes; otherwise deleted with it.'),
    snapshotId: pattern(/^snap-[0-9a-f]+$/, 'expected a snapshot like snap-0123456789abcdef0')
      .optional()
      .describe('Filled from this snapshot.'),
  }),
  diskRules,
);

/** @see https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html */
function diskRules(draft: Draft<z.output<typeof disk>>, complain: Complain): void {
  const { type, sizeGiB, iops } = draft;
  if (!type) return;
  const provisioned = type === 'io1' || type === 'io2';
  if (provisioned && !('iops' in draft)) complain('iops', `expected a number, which ${type} needs`);
  if (!provisioned && type !== 'gp3' && 'iops' in draft)
    complain('iops', `expected none: ${type} has no provisioned operations`);
  if (type === 'gp3' && iops !== undefined && iops < 3000)
    complain('iops', 'expected at least 3000, which gp3 has without a word');
  const least = { gp3: 1, gp2: 1, io1: 4, io2: 4, st1: 125, sc1: 125 }[type];
  if (sizeGiB !== undefined && sizeGiB < least)
    complain('sizeGiB', `expected at least ${least} GiB of ${type}`);
}

const instanceType = pattern(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'expected an instance type like c7g.xlarge');

const typesHint = 'expected an instance type like c7g.xlarge, or a list of 1 to 40 of them';

const imageId = pattern(
  /^(ami-([0-9a-f]{8}|[0-9a-f]{17})|ssm:\/[\w./-]+)$/,
  'expected an image like ami-0123456789abcdef0 or a parameter like ssm:/path/to/image',
);

const purchase = z.strictObject({
  onDemandBaseCapacity: wholeNumber(0, 10_000, ' of servers')
    .default(0)
    .describe('How many of the first servers are On-Demand.'),
  onDemandPercentageAboveBaseCapacity: wholeNumber(0, 100)
    .default(100)
    .describe('What percentage of the others is On-Demand; all else is Spot.'),
  spotAllocationStrategy: z
    .enum(['price-capacity-optimized', 'capacity-optimized', 'lowest-price'])
    .default('price-capacity-optimized')
    .describe('Which Spot pools are preferred.'),
});

const variable = pattern(
  /^[A-Z][A-Z0-9_]*$/,
  'expected the name of an environment variable like SESSION_ADDRESS',
);

/** What a new server is made of. */
export const launch = acrossFields(
  z.strictObject({
    imageId: imageId.describe('The image, or an SSM parameter that holds it.'),
    instanceType: z
      .union(
        [instanceType, z.array(instanceType).min(1, { error: typesHint }).max(40, { error: typesHint })],
        { error: typesHint },
      )
      .describe('One type, or several from most to least wanted.'),
    purchase: purchase.optional().describe('On-Demand and Spot. Default: all On-Demand.'),
    systemDisk: systemDisk.prefault({ sizeGiB: 20 }).describe('The root volume.'),
    dataDisks: z.array(dataDisk).default([]).describe('More volumes.'),
    userData: text(1024)
      .optional()
      .describe(
        "A script's path in the fleet file's folder, at most 16 KiB. It has all of `environment` and `secrets` as variables; `{{NAME}}` in it is replaced from `environment` as it is, and so only by values of letters, digits and .,:/@%+=_-.",
      ),
    environment: z
      .record(variable, lines(4096))
      .default({})
      .describe(
        "Values for the user data: plain text, or `address-of:GROUP` for another group's load balancer.",
      ),
    secrets: z
      .record(variable, secretName)
      .default({})
      .describe(
        'Environment name to the name of a Secrets Manager secret, read by the server when it boots.',
      ),
    instanceProfile: pattern(
      /^[\w+=,.@-]{1,128}$/,
      'expected the name of an instance profile: 1 to 128 letters, digits or _+=,.@-',
    )
      .optional()
      .describe(
        'An instance profile that exists; otherwise one is made with SSM access and what the agent needs.',
      ),
    securityGroups: z
      .array(pattern(/^sg-[0-9a-f]+$/, 'expected a security group like sg-0123456789abcdef0'))
      .default([])
      .describe("Besides the group's own."),
    detailedMonitoring: z
      .boolean()
      .default(true)
      .describe('Metrics every minute; otherwise every five, and alarms are that much later.'),
  }),
  ({ secrets = {}, environment = {}, systemDisk, dataDisks = [], instanceType }, complain) => {
    architectureRules([instanceType ?? []].flat(), complain);
    const devices = [systemDisk?.device];
    for (const [index, disk] of dataDisks.entries()) {
      if (disk?.device && devices.includes(disk.device))
        complain(['dataDisks', index, 'device'], 'expected a device that no other disk has');
      devices.push(disk?.device);
    }
    for (const name of Object.keys(secrets)) {
      if (Object.hasOwn(environment, name))
        complain(['secrets', name], 'expected a name that is not in environment');
    }
  },
);

/** One image runs on all of them. */
function architectureRules(types: readonly (string | undefined)[], complain: Complain): void {
  const known = types.filter((type) => type !== undefined);
  const other = known.find((type) => isArm(type) !== isArm(known[0]!));
  if (other === undefined) return;
  const named = (type: string) => `${type} is ${isArm(type) ? 'ARM' : 'x86'}`;
  complain(
    'instanceType',
    `expected types of one architecture, as one image runs on it: ${named(known[0]!)}, ${named(other)}`,
  );
}

/** @see https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html: the g after the generation is Graviton */
function isArm(type: string): boolean {
  return /^(a1|[a-z]+\d+[a-z]*g[a-z]*|[a-z]+-?\d+g[a-z-]*)\./.test(type);
}

export type Launch = z.output<typeof launch>;

/** Names of groups that a launch refers to. */
export function referencedGroups({ environment = {} }: Partial<Pick<Launch, 'environment'>>): string[] {
  return Object.values(environment).flatMap((value) =>
    value?.startsWith('address-of:') ? [value.slice('address-of:'.length)] : [],
  );
}
