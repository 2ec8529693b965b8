/** One call's worth of PutMetricData, as found in a log line. */
export interface EmbeddedMetrics {
  readonly Namespace: string;
  readonly MetricData: readonly EmbeddedDatum[];
}

interface EmbeddedDatum {
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
  readonly Timestamp: Date;
  readonly Value?: number;
  readonly Values?: readonly number[];
  readonly Unit: string;
}

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit?: string }[];
}

/**
 * Finds metrics in what a function printed: lines in the embedded metric format.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetricsIn(output: string): EmbeddedMetrics[] {
  return output.split('\n').flatMap((line) => {
    if (!line.startsWith('{') || !line.includes('"CloudWatchMetrics"')) return [];
    const document = parse(line);
    const directives = document?._aws?.CloudWatchMetrics ?? [];
    return directives.map((directive) => metricsOf(directive, document!));
  });
}

interface Document {
  readonly _aws?: { readonly Timestamp: number; readonly CloudWatchMetrics: readonly Directive[] };
  readonly [name: string]: unknown;
}

function parse(line: string): Document | undefined {
  try {
    return JSON.parse(line) as Document;
  } catch {
    return undefined;
  }
}

function metricsOf(directive: Directive, document: Document): EmbeddedMetrics {
  const Timestamp = new Date(document._aws!.Timestamp);
  const MetricData = directive.Metrics.flatMap(({ Name, Unit = 'None' }) =>
    directive.Dimensions.map((names) => ({
      MetricName: Name,
      Dimensions: names.map((name) => ({ Name: name, Value: String(document[name]) })),
      Timestamp,
      Unit,
      ...measured(document[Name]),
    })),
  );
  return { Namespace: directive.Namespace, MetricData };
}

function measured(value: unknown): { Value: number } | { Values: number[] } {
  return Array.isArray(value) ? { Values: value as number[] } : { Value: Number(value) };
}
