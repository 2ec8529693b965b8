import type {
  DescribeAvailabilityZonesRequest,
  DescribeAvailabilityZonesResult,
  DescribeInstanceTypeOfferingsRequest,
  DescribeInstanceTypeOfferingsResult,
  DescribeInstanceTypesRequest,
  DescribeInstanceTypesResult,
} from '@aws-sdk/client-ec2';
import { type Operation, ServiceError } from '../service.ts';
import { commonTypes, typeFacts } from './instance-types.ts';

/** The zones of the region: three, as most regions have. */
export function zonesOf(region: string): string[] {
  return ['a', 'b', 'c'].map((letter) => `${region}${letter}`);
}

/** What a region offers: zones and instance types. */
export function catalogOperations(region: string): Record<string, Operation> {
  return {
    DescribeRegions: () => ({
      Regions: [
        { RegionName: region, Endpoint: `ec2.${region}.amazonaws.com`, OptInStatus: 'opt-in-not-required' },
      ],
    }),

    DescribeAvailabilityZones(input: DescribeAvailabilityZonesRequest): DescribeAvailabilityZonesResult {
      const unknown = input.ZoneNames?.find((zone) => !zonesOf(region).includes(zone));
      if (unknown) throw new ServiceError('InvalidParameterValue', `Invalid availability zone: [${unknown}]`);
      const AvailabilityZones = zonesOf(region)
        .filter((zone) => input.ZoneNames?.includes(zone) ?? true)
        .map((ZoneName, i) => ({
          ZoneName,
          ZoneId: `${region.replace(/[^a-z0-9]/g, '')}-az${i + 1}`,
          RegionName: region,
          State: 'available' as const,
          ZoneType: 'availability-zone',
          OptInStatus: 'opt-in-not-required' as const,
          Messages: [],
        }));
      return { AvailabilityZones };
    },

    DescribeInstanceTypes(input: DescribeInstanceTypesRequest): DescribeInstanceTypesResult {
      const types = input.InstanceTypes?.length ? input.InstanceTypes : commonTypes();
      return {
        InstanceTypes: types.map(typeFacts).map((facts) => ({
          InstanceType: facts.instanceType as never,
          CurrentGeneration: true,
          VCpuInfo: { DefaultVCpus: facts.vcpus },
          MemoryInfo: { SizeInMiB: facts.memoryMiB },
          ProcessorInfo: { SupportedArchitectures: [facts.architecture] },
        })),
      };
    },

    DescribeInstanceTypeOfferings(
      input: DescribeInstanceTypeOfferingsRequest,
    ): DescribeInstanceTypeOfferingsResult {
      const locations = input.LocationType === 'availability-zone' ? zonesOf(region) : [region];
      const wanted =
        input.Filters?.find((filter) => filter.Name === 'instance-type')?.Values ?? commonTypes();
      return {
        InstanceTypeOfferings: wanted.flatMap((type) =>
          locations.map((Location) => ({
            InstanceType: type as never,
            LocationType: input.LocationType ?? 'region',
            Location,
          })),
        ),
      };
    },

    DescribeAccountAttributes: () => ({
      AccountAttributes: [
        { AttributeName: 'supported-platforms', AttributeValues: [{ AttributeValue: 'VPC' }] },
        { AttributeName: 'max-instances', AttributeValues: [{ AttributeValue: '1000' }] },
      ],
    }),
  };
}
