import {
  DescribeImagesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  EC2Client,
  type InstanceTypeInfo,
  type _InstanceType as InstanceTypeName,
} from '@aws-sdk/client-ec2';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import type { Launch } from '../../shared/fleet/launch.ts';
import type { FleetInCloud } from '../cloud.ts';
import { paced } from '../paced.ts';
import { type Finding, fine, problem, warning } from './finding.ts';

function typesOf({ instanceType }: Launch): InstanceTypeName[] {
  return [instanceType].flat() as InstanceTypeName[];
}

async function typeFacts(types: readonly InstanceTypeName[]): Promise<Map<string, InstanceTypeInfo>> {
  if (types.length === 0) return new Map();
  const { InstanceTypes = [] } = await paced(new EC2Client()).send(
    new DescribeInstanceTypesCommand({ InstanceTypes: [...new Set(types)] }),
  );
  return new Map(InstanceTypes.map((facts) => [facts.InstanceType!, facts]));
}

/** vCPUs of all groups at their largest, each server of the group's largest type. */
export async function mostVcpus(fleet: Fleet): Promise<number> {
  const launches = Object.values(fleet.groups).flatMap(({ launch, maxSize }) =>
    launch ? [{ launch, maxSize }] : [],
  );
  const facts = await typeFacts(launches.flatMap(({ launch }) => typesOf(launch)));
  return launches.reduce((sum, { launch, maxSize }) => {
    const vcpus = typesOf(launch).map((type) => facts.get(type)?.VCpuInfo?.DefaultVCpus ?? 0);
    return sum + maxSize * Math.max(0, ...vcpus);
  }, 0);
}

/** Each group's types are offered in at least two zones, and its image runs on them. */
export async function checkLaunches({ scaler: { fleet } }: FleetInCloud): Promise<Finding[]> {
  const launches = Object.entries(fleet.groups).flatMap(([group, { launch }]) =>
    launch ? [{ group, launch }] : [],
  );
  const asked = new Asked();
  const findings = await Promise.all(
    launches.map(async ({ group, launch }) => [
      await checkOfferings(group, launch, fleet.network.availabilityZones ?? [], asked),
      await checkImage(group, launch, asked),
    ]),
  );
  return findings.flat();
}

/** Many groups launch the same: it is asked for once. */
class Asked {
  readonly #answers = new Map<string, Promise<unknown>>();

  once<T>(question: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(question) as Promise<T> | undefined;
    const answer = known ?? ask();
    this.#answers.set(question, answer);
    return answer;
  }
}

async function checkOfferings(
  group: string,
  launch: Launch,
  named: readonly string[],
  asked: Asked,
): Promise<Finding> {
  const types = typesOf(launch);
  const { InstanceTypeOfferings = [] } = await asked.once(`offers of ${types}`, () =>
    paced(new EC2Client()).send(
      new DescribeInstanceTypeOfferingsCommand({
        LocationType: 'availability-zone',
        Filters: [{ Name: 'instance-type', Values: types }],
      }),
    ),
  );
  const check = 'instance types';
  const zones = (type: string) =>
    InstanceTypeOfferings.filter(({ InstanceType }) => InstanceType === type).map(
      ({ Location }) => Location!,
    );
  const nowhere = types.filter((type) => zones(type).length === 0);
  if (nowhere.length > 0)
    return problem(
      check,
      `${group}: nobody offers ${nowhere.join(', ')} here`,
      'Choose another type, or another region.',
    );
  const everywhere = new Set(types.flatMap(zones));
  const without = named.filter((zone) => !everywhere.has(zone));
  if (without.length > 0)
    return problem(
      check,
      `${group}: no ${types.join(', ')} in ${without.join(', ')}`,
      'Add a type that these zones have, or take them from network.',
    );
  if (everywhere.size < 2)
    return warning(
      check,
      `${group}: ${types.join(', ')} only in ${[...everywhere].join()}`,
      'Add a type that other zones have.',
    );
  return fine(check, `${group}: ${types.join(', ')} in ${everywhere.size} zones`);
}

async function checkImage(group: string, launch: Launch, asked: Asked): Promise<Finding> {
  const check = 'images';
  const advice = `Correct groups.${group}.launch in the fleet file.`;
  const imageId = await asked.once(launch.imageId, () => resolvedImage(launch.imageId));
  const image = imageId && (await asked.once(`image ${imageId}`, () => describeImage(imageId)));
  if (!image) return problem(check, `${group}: there is no image ${launch.imageId}`, advice);
  if (image.State !== 'available') return problem(check, `${group}: ${imageId} is ${image.State}`, advice);
  const types = typesOf(launch);
  const facts = await asked.once(`facts of ${types}`, () => typeFacts(types));
  const unfit = [...facts.values()].filter(
    ({ ProcessorInfo }) => !ProcessorInfo?.SupportedArchitectures?.includes(image.Architecture!),
  );
  if (unfit.length > 0) {
    const types = unfit.map(({ InstanceType }) => InstanceType).join(', ');
    return problem(
      check,
      `${group}: ${imageId} is for ${image.Architecture}, which ${types} cannot run`,
      advice,
    );
  }
  return fine(check, `${group}: ${imageId} is available, for ${image.Architecture}`);
}

async function resolvedImage(imageId: string): Promise<string | undefined> {
  if (!imageId.startsWith('ssm:')) return imageId;
  try {
    const { Parameter } = await paced(new SSMClient()).send(
      new GetParameterCommand({ Name: imageId.slice('ssm:'.length) }),
    );
    return Parameter?.Value;
  } catch (error) {
    if ((error as Error).name !== 'ParameterNotFound') throw error;
    return undefined;
  }
}

async function describeImage(imageId: string) {
  try {
    const { Images } = await paced(new EC2Client()).send(new DescribeImagesCommand({ ImageIds: [imageId] }));
    return Images?.[0];
  } catch (error) {
    if (!(error as Error).name.startsWith('InvalidAMIID')) throw error;
    return undefined;
  }
}
