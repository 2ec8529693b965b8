import { isDeepStrictEqual } from 'node:util';
import type {
  PropertyDifference,
  StackDriftStatus,
  StackResourceDrift,
} from '@aws-sdk/client-cloudformation';
import { parseProperties } from './properties.ts';
import type { Stack, StackResource } from './stack.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Compares a resource with its template: only the properties that the template sets, and of those the ones that its type can
 * tell of. Undefined for a type that cannot tell of any.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackResourceDrift.html
 */
export async function resourceDrift(
  stack: Stack,
  resource: StackResource,
  around: Surroundings,
): Promise<StackResourceDrift | undefined> {
  const type = around.typeOf(resource.type);
  if (!type.actual) return undefined;
  const found = {
    StackId: stack.id,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    Timestamp: new Date(around.eventQueue.now()),
  };
  const now = type.actual(resource.physicalId);
  if (!now) return { ...found, StackResourceDriftStatus: 'DELETED' };
  let expected: Record<string, unknown>;
  try {
    const resolved = await around.resolveDynamic(resource.properties);
    expected = parseProperties(type.properties, resource.type, resolved) as Record<string, unknown>;
  } catch (error) {
    const DriftStatusReason = error instanceof Error ? error.message : String(error);
    return { ...found, StackResourceDriftStatus: 'UNKNOWN', DriftStatusReason };
  }
  const compared = Object.keys(resource.properties).filter((key) => key in now);
  const PropertyDifferences = compared.flatMap((key) => differences(`/${key}`, expected[key], now[key]));
  const only = (all: Readonly<Record<string, unknown>>) =>
    JSON.stringify(Object.fromEntries(compared.map((key) => [key, all[key]])));
  return {
    ...found,
    ExpectedProperties: only(expected),
    ActualProperties: only(now),
    ...(PropertyDifferences.length > 0 && { PropertyDifferences }),
    StackResourceDriftStatus: PropertyDifferences.length > 0 ? 'MODIFIED' : 'IN_SYNC',
  };
}

/** Of the stack's resources as they are now: one that has left the stack since no longer counts. */
export function stackDriftStatus(stack: Stack): StackDriftStatus {
  const found = driftsOf(stack).map((drift) => drift.StackResourceDriftStatus);
  if (isDrifted(stack)) return 'DRIFTED';
  if (found.includes('UNKNOWN')) return 'UNKNOWN';
  return stack.drift ? 'IN_SYNC' : 'NOT_CHECKED';
}

/** What the last detections have found of the resources that the stack still has. */
export function driftsOf(stack: Stack): StackResourceDrift[] {
  return [...(stack.drift?.resources.values() ?? [])].filter(
    (drift) => stack.resources.get(drift.LogicalResourceId!)?.physicalId === drift.PhysicalResourceId,
  );
}

/** The resources that differ from their template. */
export function driftedOf(stack: Stack): StackResourceDrift[] {
  return driftsOf(stack).filter(({ StackResourceDriftStatus: status }) =>
    ['MODIFIED', 'DELETED'].includes(status!),
  );
}

function isDrifted(stack: Stack): boolean {
  return driftedOf(stack).length > 0;
}

/** Of lists what was added and what is missing, of anything else that it is another. */
function differences(path: string, expected: unknown, actual: unknown): PropertyDifference[] {
  if (isDeepStrictEqual(expected, actual)) return [];
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const missing = expected.filter((item) => !actual.some((other) => isDeepStrictEqual(item, other)));
    const added = actual.filter((item) => !expected.some((other) => isDeepStrictEqual(item, other)));
    return [
      ...missing.map((item) => ({
        PropertyPath: `${path}/${expected.indexOf(item)}`,
        ExpectedValue: text(item),
        ActualValue: 'null',
        DifferenceType: 'REMOVE' as const,
      })),
      ...added.map((item) => ({
        PropertyPath: `${path}/${actual.indexOf(item)}`,
        ExpectedValue: 'null',
        ActualValue: text(item),
        DifferenceType: 'ADD' as const,
      })),
    ];
  }
  const DifferenceType = actual === undefined ? 'REMOVE' : 'NOT_EQUAL';
  return [{ PropertyPath: path, ExpectedValue: text(expected), ActualValue: text(actual), DifferenceType }];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
