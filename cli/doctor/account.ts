import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { isImported } from '../../shared/fleet/load-balancer.ts';
import { dayMs } from '../../shared/units.ts';
import type { FleetInCloud } from '../cloud.ts';
import { paced } from '../paced.ts';
import { type Finding, fine, problem, warning } from './finding.ts';
import { mostVcpus } from './instance-types.ts';

/** The CDK's default qualifier; an older bootstrap lacks what today's templates use. */
const bootstrapParameter = '/cdk-bootstrap/hnb659fds/version';
const oldestBootstrap = 6;

export async function checkBootstrap(): Promise<Finding[]> {
  const check = 'bootstrap';
  try {
    const { Parameter } = await paced(new SSMClient()).send(
      new GetParameterCommand({ Name: bootstrapParameter }),
    );
    const version = Number(Parameter?.Value);
    if (version >= oldestBootstrap) return [fine(check, `the CDK's bootstrap has version ${version}`)];
    return [
      problem(check, `the CDK's bootstrap has version ${version}, which is too old`, 'npx cdk bootstrap'),
    ];
  } catch (error) {
    if ((error as Error).name !== 'ParameterNotFound') throw error;
    return [
      warning(
        check,
        'the CDK has not bootstrapped this account and region',
        'Before the first deploy: npx cdk bootstrap',
      ),
    ];
  }
}

/** Much more, and requests are refused as forged or replayed. */
const mostSkewMs = 30_000;

export async function checkClock({ scaler, clockSkewMs }: FleetInCloud): Promise<Finding[]> {
  const check = 'clock';
  const skewMs = Math.abs(clockSkewMs);
  const cloudTime = new Date(scaler.ports.clock.now()).toISOString();
  if (skewMs <= mostSkewMs) return [fine(check, 'this clock agrees with the cloud')];
  // AWS would not have answered.
  if (skewMs > dayMs) return [fine(check, `a local cloud that plays another day: there it is ${cloudTime}`)];
  const message = `this clock is ${Math.round(skewMs / 1000)} s off: in the cloud it is ${cloudTime}`;
  return [warning(check, message, 'Let the system keep its clock (NTP).')];
}

interface Quota {
  readonly service: string;
  readonly code: string;
  readonly what: string;
  readonly needed: number;
}

/** The account's limits against the fleet's maxima. */
export async function checkQuotas({ scaler: { fleet } }: FleetInCloud): Promise<Finding[]> {
  const groups = Object.values(fleet.groups);
  const made = (protocols: readonly string[]) =>
    groups.filter(
      ({ loadBalancer }) =>
        loadBalancer && !isImported(loadBalancer) && protocols.includes(loadBalancer.protocol),
    ).length;
  const quotas: Quota[] = [
    { service: 'ec2', code: 'L-1216C47A', what: 'vCPUs On-Demand', needed: await mostVcpus(fleet) },
    { service: 'autoscaling', code: 'L-CDE20ADC', what: 'scaling groups', needed: groups.length },
    {
      service: 'elasticloadbalancing',
      code: 'L-53DA6B97',
      what: 'application load balancers',
      needed: made(['HTTP', 'HTTPS']),
    },
    {
      service: 'elasticloadbalancing',
      code: 'L-69A177A2',
      what: 'network load balancers',
      needed: made(['TCP', 'TLS']),
    },
  ];
  const client = paced(new ServiceQuotasClient());
  const concurrency = await checkConcurrency(client, groups.length);
  const others = await Promise.all(
    quotas.filter(({ needed }) => needed > 0).map((quota) => checkQuota(client, quota)),
  );
  return [concurrency, ...others];
}

/** Functions that may run at once in a storm: one for each group's alarm, and the sweep. */
async function checkConcurrency(client: ServiceQuotasClient, groups: number): Promise<Finding> {
  const input = { ServiceCode: 'lambda', QuotaCode: 'L-B99A9384' };
  const { Quota } = await client.send(new GetServiceQuotaCommand(input));
  return judgeConcurrency(Quota?.Value ?? 0, groups);
}

/** A young account has ten, for all of its functions; events beyond them wait and are tried again. */
export function judgeConcurrency(limit: number, groups: number): Finding {
  const needed = 10 + groups;
  const message = `concurrent executions of functions: the account may have ${limit}`;
  if (limit > needed) return fine('quotas', message);
  return warning(
    'quotas',
    `${message}, which others of its functions may use up: an alarm then waits to be answered`,
    'Ask for 1000: Service Quotas, lambda, L-B99A9384',
  );
}

async function checkQuota(
  client: ServiceQuotasClient,
  { service, code, what, needed }: Quota,
): Promise<Finding> {
  const { Quota } = await client.send(new GetServiceQuotaCommand({ ServiceCode: service, QuotaCode: code }));
  const limit = Quota?.Value ?? 0;
  const message = `${what}: the account may have ${limit}, the fleet at its largest needs ${needed}`;
  if (needed <= limit) return fine('quotas', message);
  return problem('quotas', message, `Ask for more: Service Quotas, ${service}, ${code}`);
}
