/** Services that we call: the version of each that we speak, and where it is asked. */
const services = {
  ess: '2022-02-22',
  cms: '2019-01-01',
  slb: '2014-05-15',
  alb: '2020-06-16',
  nlb: '2022-04-30',
  sts: '2015-04-01',
} as const;

export type Service = keyof typeof services;

/** Regions whose groups and classic load balancers are asked for at one place. */
const central = new Set([
  'cn-qingdao',
  'cn-beijing',
  'cn-hangzhou',
  'cn-shanghai',
  'cn-shenzhen',
  'cn-hongkong',
  'ap-southeast-1',
  'us-east-1',
  'us-west-1',
]);

export function versionOf(service: Service): string {
  return services[service];
}

/**
 * The host of a service in a region. CloudMonitor goes by the name `metrics`.
 * @see the maps of endpoints in the vendor's SDK (aliyun/alibabacloud-typescript-sdk)
 */
export function hostOf(service: Service, region: string): string {
  if ((service === 'ess' || service === 'slb') && central.has(region)) return `${service}.aliyuncs.com`;
  return `${service === 'cms' ? 'metrics' : service}.${region}.aliyuncs.com`;
}
