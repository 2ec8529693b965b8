/** Units of what the services publish, by the metric's name; what is not here counts without one. */
const units: Readonly<Record<string, string>> = {
  CPUUtilization: 'Percent',
  mem_used_percent: 'Percent',
  disk_used_percent: 'Percent',
  NetworkIn: 'Bytes',
  NetworkOut: 'Bytes',
  ProcessedBytes: 'Bytes',
  TargetResponseTime: 'Seconds',
  Duration: 'Milliseconds',
  StatusCheckFailed: 'Count',
  RequestCount: 'Count',
  RequestCountPerTarget: 'Count',
  HTTPCode_Target_2XX_Count: 'Count',
  HTTPCode_ELB_5XX_Count: 'Count',
  HealthyHostCount: 'Count',
  UnHealthyHostCount: 'Count',
  NewFlowCount: 'Count',
  ActiveFlowCount: 'Count',
  Invocations: 'Count',
  Errors: 'Count',
  Throttles: 'Count',
};

/** The unit in which AWS publishes a metric of this name. */
export function usualUnit(name: string): string {
  return units[name] ?? 'None';
}
