import type {
  DescribeStackDriftDetectionStatusOutput,
  DescribeStackResourceDriftsInput,
  DescribeStackResourceDriftsOutput,
  DetectStackDriftInput,
  DetectStackResourceDriftInput,
  StackResourceDrift,
} from '@aws-sdk/client-cloudformation';
import { page } from '../page.ts';
import { type Operation, ServiceError } from '../service.ts';
import { driftedOf, driftsOf, resourceDrift, stackDriftStatus } from './drift.ts';
import type { Stack, StackResource } from './stack.ts';
import type { Stacks } from './stacks.ts';

/** How long comparing one resource takes, on the cloud's own clock. */
const resourceMs = 500;
/** Stacks that drift detection looks at: those that no operation is changing and none has left half done. */
const checkable = /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$|^UPDATE_ROLLBACK_FAILED$/;

/** The operations that compare stacks with what is there. */
export function driftOperations(stacks: Stacks): Record<string, Operation> {
  const { surroundings } = stacks;
  const { eventQueue } = surroundings;
  const detections = new Map<string, DescribeStackDriftDetectionStatusOutput>();
  const running = new Set<Stack>();

  const detect = async (stack: Stack, resources: readonly StackResource[]) => {
    const found = new Map(driftsOf(stack).map((drift) => [drift.LogicalResourceId!, drift]));
    for (const resource of resources) {
      const drift = await resourceDrift(stack, resource, surroundings);
      if (drift) found.set(resource.logicalId, drift);
    }
    stack.drift = { checkedAt: eventQueue.now(), resources: found };
  };

  return {
    DetectStackDrift: (input: DetectStackDriftInput) => {
      const stack = checkableStack(stacks, input.StackName!);
      if (running.has(stack)) throw invalid(`Drift detection is already in progress for stack [${stack.id}]`);
      const resources = resourcesOf(stack, input.LogicalResourceIds);
      const StackDriftDetectionId = stacks.newDetectionId();
      const started = { StackId: stack.id, StackDriftDetectionId, Timestamp: new Date(eventQueue.now()) };
      detections.set(StackDriftDetectionId, { ...started, DetectionStatus: 'DETECTION_IN_PROGRESS' });
      running.add(stack);
      eventQueue.at(eventQueue.now() + resourceMs * resources.length, `drift of ${stack.name}`, async () => {
        await detect(stack, resources);
        running.delete(stack);
        detections.set(StackDriftDetectionId, { ...started, ...outcome(stack) });
      });
      return { StackDriftDetectionId };
    },
    DescribeStackDriftDetectionStatus: (input: { StackDriftDetectionId: string }) => {
      const detection = detections.get(input.StackDriftDetectionId);
      if (detection) return detection;
      throw invalid(`Drift detection ${input.StackDriftDetectionId} does not exist`);
    },
    DetectStackResourceDrift: async (input: DetectStackResourceDriftInput) => {
      const stack = checkableStack(stacks, input.StackName!);
      const [resource] = resourcesOf(stack, [input.LogicalResourceId!]);
      await detect(stack, [resource!]);
      const drift = stack.drift?.resources.get(resource!.logicalId);
      if (drift) return { StackResourceDrift: drift };
      throw invalid(`Drift detection is not supported for resource type ${resource!.type}`);
    },
    DescribeStackResourceDrifts: (
      input: DescribeStackResourceDriftsInput,
    ): DescribeStackResourceDriftsOutput => {
      const wanted = input.StackResourceDriftStatusFilters ?? [];
      const shown = driftsOf(stacks.get(input.StackName!)).filter(
        (drift: StackResourceDrift) =>
          wanted.length === 0 || wanted.includes(drift.StackResourceDriftStatus!),
      );
      const { items, NextToken } = page(shown, input.NextToken, input.MaxResults ?? 100, 100, 'maxResults');
      return { StackResourceDrifts: items, NextToken };
    },
  };
}

function outcome(stack: Stack) {
  const unknown = driftsOf(stack).filter((drift) => drift.StackResourceDriftStatus === 'UNKNOWN');
  const names = unknown.map((drift) => drift.LogicalResourceId).join(', ');
  return {
    StackDriftStatus: stackDriftStatus(stack),
    DriftedStackResourceCount: driftedOf(stack).length,
    ...(unknown.length > 0
      ? {
          DetectionStatus: 'DETECTION_FAILED' as const,
          DetectionStatusReason: `Failed to detect drift on resource [${names}]`,
        }
      : { DetectionStatus: 'DETECTION_COMPLETE' as const }),
  };
}

function checkableStack(stacks: Stacks, name: string): Stack {
  const stack = stacks.get(name);
  if (checkable.test(stack.status)) return stack;
  throw invalid(`Drift detection cannot be performed on stack [${stack.id}] in ${stack.status} state`);
}

/** All resources of the stack, or those that were named. @throws ServiceError ValidationError for a name that is none */
function resourcesOf(stack: Stack, named: readonly string[] | undefined): StackResource[] {
  if (!named?.length) return [...stack.resources.values()];
  return named.map((id) => {
    const resource = stack.resources.get(id);
    if (resource) return resource;
    throw invalid(`Resource ${id} does not exist for stack ${stack.name}`);
  });
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}
