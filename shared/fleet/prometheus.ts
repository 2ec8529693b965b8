/** A query of a Prometheus, and with which credentials it is asked. The functions import this file, and so it knows no schema. */
export interface PrometheusQuery {
  readonly url: string;
  readonly query: string;
  readonly token?: string | undefined;
  readonly basic?: string | undefined;
  readonly sigv4?: boolean | undefined;
}

export interface PrometheusMetric {
  readonly prometheus: PrometheusQuery;
  readonly perServer: boolean;
}

export function isPrometheus(metric: unknown): metric is PrometheusMetric {
  return typeof metric === 'object' && metric !== null && 'prometheus' in metric;
}

/** Of Amazon Managed Service for Prometheus, whose addresses tell it; undefined: it is another one. */
export function managedRegion(url: string): string | undefined {
  return /^https:\/\/aps-workspaces(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com|api\.aws)/.exec(url)?.[1];
}
