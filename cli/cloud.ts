import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type Command, Option } from 'commander';
import { createScaler, type Scaler, type ScalerGroup } from '../shared/engine/scaler.ts';
import { makeClients } from '../shared/providers/aws/clients.ts';
import { awsPorts, operatorSettings } from '../shared/providers/aws/ports.ts';
import { CloudClock } from './cloud-clock.ts';
import { exitCodes, Failure } from './failure.ts';
import { type FleetOptions, takesFleet } from './fleet-text.ts';
import { loadFleet, requireGroup } from './load-fleet.ts';

export interface CloudOptions extends FleetOptions {
  readonly region?: string;
  readonly profile?: string;
  readonly endpointUrl?: string;
}

/** Adds `--fleet`, and what every AWS tool takes. */
export function takesCloud(command: Command): Command {
  return takesFleet(command)
    .addOption(new Option('--region <region>', 'AWS region; default: AWS_REGION, or that of the profile'))
    .addOption(new Option('--profile <name>', 'profile of ~/.aws; default: AWS_PROFILE'))
    .addOption(new Option('--endpoint-url <url>', "another cloud's address; default: AWS_ENDPOINT_URL"));
}

/** Whose account it is, and the fleet in it. */
export interface FleetInCloud {
  readonly account: string;
  /** Of the person or role that looks. */
  readonly arn: string;
  readonly region: string;
  /** By how much the cloud's clock is ahead of ours, as its first answer told. */
  readonly clockSkewMs: number;
  readonly scaler: Scaler;
}

/**
 * Opens the fleet with the operator's own credentials.
 * @throws InvalidFleet, Failure; whatever the SDK says of missing credentials or an unreachable cloud
 */
export async function openCloud(options: CloudOptions): Promise<FleetInCloud> {
  const fleet = loadFleet(options);
  useEnvironment(options);
  const clock = new CloudClock();
  const identity = await whoAmI(clock);
  const { skewMs: clockSkewMs } = clock;
  const clients = makeClients({ maxAttempts: 3 });
  for (const client of Object.values(clients)) clock.listenTo(client);
  const ports = awsPorts(clients, operatorSettings(fleet));
  return { ...identity, clockSkewMs, scaler: createScaler(fleet, { ...ports, clock }) };
}

/** Asks whose credentials these are; the answer tells the cloud's time, too. */
async function whoAmI(clock: CloudClock): Promise<Pick<FleetInCloud, 'account' | 'arn' | 'region'>> {
  const sts = new STSClient({ maxAttempts: 2 });
  clock.listenTo(sts);
  const { Account = '', Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
  return { account: Account, arn: Arn, region: await sts.config.region() };
}

/** Every client of the SDK then finds them, as if they had been in the environment. */
function useEnvironment({ region, profile, endpointUrl }: Partial<CloudOptions>): void {
  const { env } = process;
  // The SDK for JavaScript knows only the one, other tools only the other.
  const wanted = region ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  if (wanted !== undefined && !/^[a-z0-9-]*$/.test(wanted))
    throw new Failure(`${region === undefined ? 'AWS_REGION' : '--region'} ${wanted} is no region.`, {
      advice: 'Expected one like eu-central-1',
      exitCode: exitCodes.misused,
    });
  if (wanted) env['AWS_REGION'] = wanted;
  if (profile) env['AWS_PROFILE'] = profile;
  const address = endpointUrl ?? env['AWS_ENDPOINT_URL'];
  if (address === undefined || (address === '' && endpointUrl === undefined)) return;
  if (!/^https?:/.test(address) || !URL.canParse(address))
    throw new Failure(
      `${endpointUrl === undefined ? 'AWS_ENDPOINT_URL' : '--endpoint-url'} ${address} is no address.`,
      { advice: 'Expected one like http://127.0.0.1:4566', exitCode: exitCodes.misused },
    );
  env['AWS_ENDPOINT_URL'] = address;
}

/** The groups that a command is about: the one that was named, or all. @throws Failure when there is no such group */
export function groupsOf(scaler: Scaler, name: string | undefined): ScalerGroup[] {
  if (name === undefined) return [...scaler.groups.values()];
  requireGroup(scaler.fleet, name);
  return [scaler.groups.get(name)!];
}
