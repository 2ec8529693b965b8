import { ServiceError } from '../service.ts';

export interface Attribute {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

const balancer = {
  'deletion_protection.enabled': 'false',
  'load_balancing.cross_zone.enabled': 'true',
  'access_logs.s3.enabled': 'false',
  'access_logs.s3.bucket': '',
  'access_logs.s3.prefix': '',
};

const loadBalancer: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  application: {
    ...balancer,
    'connection_logs.s3.enabled': 'false',
    'connection_logs.s3.bucket': '',
    'connection_logs.s3.prefix': '',
    'idle_timeout.timeout_seconds': '60',
    'client_keep_alive.seconds': '3600',
    'routing.http.desync_mitigation_mode': 'defensive',
    'routing.http.drop_invalid_header_fields.enabled': 'false',
    'routing.http.preserve_host_header.enabled': 'false',
    'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': 'false',
    'routing.http.xff_client_port.enabled': 'false',
    'routing.http.xff_header_processing.mode': 'append',
    'routing.http2.enabled': 'true',
    'waf.fail_open.enabled': 'false',
    'zonal_shift.config.enabled': 'false',
  },
  network: {
    ...balancer,
    'load_balancing.cross_zone.enabled': 'false',
    'dns_record.client_routing_policy': 'any_availability_zone',
    'zonal_shift.config.enabled': 'false',
  },
};

const target = {
  'deregistration_delay.timeout_seconds': '300',
  'stickiness.enabled': 'false',
  'target_group_health.dns_failover.minimum_healthy_targets.count': '1',
  'target_group_health.dns_failover.minimum_healthy_targets.percentage': 'off',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '1',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': 'off',
  'load_balancing.cross_zone.enabled': 'use_load_balancer_configuration',
};

const httpTargets = {
  ...target,
  'stickiness.type': 'lb_cookie',
  'stickiness.lb_cookie.duration_seconds': '86400',
  'slow_start.duration_seconds': '0',
  'load_balancing.algorithm.type': 'round_robin',
  'load_balancing.algorithm.anomaly_mitigation': 'off',
};

const networkTargets = {
  ...target,
  'stickiness.type': 'source_ip',
  'deregistration_delay.connection_termination.enabled': 'false',
  'preserve_client_ip.enabled': 'true',
  'proxy_protocol_v2.enabled': 'false',
  'target_health_state.unhealthy.connection_termination.enabled': 'true',
  'target_health_state.unhealthy.draining_interval_seconds': '0',
};

/** The attributes of a load balancer of a type (`application`, `network`) as it is made. */
export function loadBalancerDefaults(type: string): Map<string, string> {
  return new Map(Object.entries(loadBalancer[type] ?? balancer));
}

/** The attributes of a target group of a protocol as it is made. */
export function targetGroupDefaults(protocol: string): Map<string, string> {
  return new Map(Object.entries(protocol.startsWith('HTTP') ? httpTargets : networkTargets));
}

/** @throws ServiceError ValidationError for a key that the kind does not have; InvalidConfigurationRequest for values */
export function changeAttributes(current: Map<string, string>, changes: readonly Attribute[]): void {
  for (const { Key } of changes)
    if (!current.has(Key!))
      throw new ServiceError('ValidationError', `Attribute key '${Key}' is not recognized`);
  const next = new Map(current);
  for (const { Key, Value } of changes) next.set(Key!, Value ?? '');
  assertDelay(next.get('deregistration_delay.timeout_seconds'));
  if (
    Number(next.get('slow_start.duration_seconds') ?? 0) > 0 &&
    next.get('load_balancing.algorithm.type') !== 'round_robin'
  )
    throw new ServiceError(
      'InvalidConfigurationRequest',
      'Slow start mode is supported with the round robin algorithm only',
    );
  for (const [key, value] of next) current.set(key, value);
}

export function listAttributes(current: ReadonlyMap<string, string>): { Key: string; Value: string }[] {
  return [...current].map(([Key, Value]) => ({ Key, Value }));
}

function assertDelay(value: string | undefined): void {
  const seconds = Number(value ?? 0);
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 3600)
    throw new ServiceError(
      'ValidationError',
      `Deregistration delay timeout '${value}' must be between 0 and 3600`,
    );
}
