import * as schemas from '@aws-sdk/client-cloudwatch';
import type { CloudContext } from '../cloud-context.ts';
import type { AuthorizationTarget, Instant, Operation, ResourceType, Service } from '../service.ts';
import { Tags } from '../tags.ts';
import { alarmOperations } from './alarm-operations.ts';
import { Alarms } from './alarms.ts';
import { dashboardOperations } from './dashboards.ts';
import { metricOperations } from './metric-operations.ts';
import { type MetricName, MetricStore } from './metric-store.ts';
import { cloudWatchResources } from './resources.ts';
import type { Observation } from './sample.ts';

/** Takes datapoints from inside the cloud, cheaper than PutMetricData. */
export interface MetricSink {
  /** @param isFine it has datapoints more often than once a minute */
  record(metric: MetricName, at: Instant, observation: Observation, isFine?: boolean): void;
}

/** Amazon CloudWatch: metrics, alarms, dashboards. */
export class CloudWatch implements Service, MetricSink {
  readonly signingName = 'monitoring';
  readonly schemas = schemas as unknown as Record<string, unknown>;
  readonly operations: Record<string, Operation>;
  readonly resources: readonly ResourceType[];
  readonly #store = new MetricStore();
  readonly #tags = new Tags();
  readonly #cloud: CloudContext;

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
    const alarms = new Alarms(cloud, this.#store);
    this.operations = {
      ...metricOperations(this.#store),
      ...alarmOperations(cloud, alarms, this.#tags),
      ...dashboardOperations(cloud),
      ...tagOperations(this.#tags),
    };
    this.resources = cloudWatchResources(cloud, this.operations, alarms);
  }

  record(metric: MetricName, at: Instant, observation: Observation, isFine = false): void {
    this.#store.record(metric, at, observation, { isFine });
  }

  authorization(operation: string, input: Record<string, unknown>): AuthorizationTarget[] {
    const action = `cloudwatch:${operation}`;
    const alarm = (name: string) =>
      `arn:aws:cloudwatch:${this.#cloud.region}:${this.#cloud.account}:alarm:${name}`;
    // Only writes on named alarms and dashboards take a resource; metrics take a condition on the namespace.
    const names = (input['AlarmNames'] ?? (input['AlarmName'] ? [input['AlarmName']] : [])) as string[];
    if (/^(Put|Delete|Set|Enable|Disable).*Alarm/.test(operation))
      return names.map((name) => ({
        action,
        resources: [alarm(name)],
        conditions: this.#tags.conditions(alarm(name)),
      }));
    if (operation === 'PutMetricData')
      return [
        { action, resources: ['*'], conditions: { 'cloudwatch:namespace': String(input['Namespace']) } },
      ];
    return [{ action, resources: ['*'] }];
  }
}

function tagOperations(tags: Tags): Record<string, Operation> {
  return {
    TagResource(input: schemas.TagResourceInput): object {
      tags.set(input.ResourceARN!, input.Tags!);
      return {};
    },
    UntagResource(input: schemas.UntagResourceInput): object {
      tags.remove(input.ResourceARN!, input.TagKeys!);
      return {};
    },
    ListTagsForResource: (input: schemas.ListTagsForResourceInput): schemas.ListTagsForResourceOutput => ({
      Tags: tags.of(input.ResourceARN!),
    }),
  };
}
