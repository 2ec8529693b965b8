import { z } from 'zod';
import { type CloudContext, servicePrincipal } from '../cloud-context.ts';
import type { ResourceType } from '../service.ts';
import { filterPattern } from './filter-pattern.ts';

const transformation = z.strictObject({
  MetricName: z.string(),
  MetricNamespace: z.string(),
  MetricValue: z.string(),
  DefaultValue: z.number().optional(),
  Unit: z.string().optional(),
});

const properties = z.strictObject({
  FilterName: z.string().optional(),
  LogGroupName: z.string(),
  FilterPattern: z.string(),
  MetricTransformations: z.array(transformation).length(1),
});
type MetricFilter = z.infer<typeof properties>;

/** Metric filters: what is found in the events of a log group becomes a metric. */
export class MetricFilters {
  readonly resourceType: ResourceType<MetricFilter>;
  readonly #cloud: CloudContext;
  /** By log group and filter name. */
  readonly #filters = new Map<string, MetricFilter>();

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
    const put = (name: string, filter: MetricFilter) => {
      filterPattern(filter.FilterPattern);
      this.#filters.set(name, filter);
      return { physicalId: name, attributes: {} };
    };
    this.resourceType = {
      type: 'AWS::Logs::MetricFilter',
      properties,
      create: (filter, context) => put(filter.FilterName ?? context.physicalName(512), filter),
      update: (name, next) => put(name, next),
      delete: (name) => {
        this.#filters.delete(name);
      },
    };
  }

  /** Publishes what the filters of the group find in events that have just arrived. */
  async publish(logGroupName: string, messages: readonly string[]): Promise<void> {
    for (const filter of this.#filters.values()) {
      if (filter.LogGroupName !== logGroupName) continue;
      const matches = filterPattern(filter.FilterPattern);
      const { MetricName, MetricNamespace, MetricValue, DefaultValue, Unit } =
        filter.MetricTransformations[0]!;
      const values = messages.map((message) =>
        matches(message) ? numberIn(message, MetricValue) : DefaultValue,
      );
      const data = values
        .filter((value) => value !== undefined)
        .map((Value) => ({ MetricName, Value, Unit }));
      if (data.length === 0) continue;
      const input = { Namespace: MetricNamespace, MetricData: data };
      await this.#cloud.call('monitoring', 'PutMetricData', input, servicePrincipal('logs'));
    }
  }
}

/** A number, or the field of the message that `$.path` names. */
function numberIn(message: string, value: string): number | undefined {
  if (!value.startsWith('$')) return Number(value);
  const keys = value.slice(2).split('.');
  const found = keys.reduce((object, key) => object?.[key], JSON.parse(message));
  return Number.isFinite(Number(found)) ? Number(found) : undefined;
}
