import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { createScaler, type Scaler, type ScalerGroup } from '../shared/engine/scaler.ts';
import { makeClients } from '../shared/providers/aws/clients.ts';
import { awsPorts, operatorSettings } from '../shared/providers/aws/ports.ts';
import { kindsOf, prometheusOf } from '../shared/providers/kinds-of.ts';
import { CloudClock } from './cloud-clock.ts';
import type { CloudOptions } from './cloud-options.ts';
import { settleCloud } from './cloud-settings.ts';
import { loadFleet, requireGroup } from './load-fleet.ts';
import { paced } from './paced.ts';
import { requireProfile } from './profile.ts';
import { settingToBlame } from './setting-to-blame.ts';

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
 * @throws InvalidFleet; Failure that names the setting that is wrong; whatever else the SDK says, as of missing credentials
 */
export async function openCloud(options: CloudOptions): Promise<FleetInCloud> {
  const fleet = loadFleet(options);
  const settings = settleCloud(options);
  await requireProfile(settings);
  const clock = new CloudClock();
  const identity = await whoAmI(clock).catch((error) => {
    throw settingToBlame(error, settings) ?? error;
  });
  const { skewMs: clockSkewMs } = clock;
  const clients = makeClients({ maxAttempts: 3, each: (client) => clock.listenTo(paced(client)) });
  const kinds = kindsOf(fleet, clients, clock);
  const ports = awsPorts(clients, operatorSettings(fleet), kinds, prometheusOf(fleet, clients, clock));
  return { ...identity, clockSkewMs, scaler: createScaler(fleet, { ...ports, clock }) };
}

/** Asks whose credentials these are. The answer has the cloud's time, too. */
async function whoAmI(clock: CloudClock): Promise<Pick<FleetInCloud, 'account' | 'arn' | 'region'>> {
  const sts = new STSClient({ maxAttempts: 2 });
  clock.listenTo(sts);
  const { Account = '', Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
  return { account: Account, arn: Arn, region: await sts.config.region() };
}

/** The groups that a command is about: the one that was named, or all. @throws Failure when there is no such group */
export function groupsOf(scaler: Scaler, name: string | undefined): ScalerGroup[] {
  if (name === undefined) return [...scaler.groups.values()];
  requireGroup(scaler.fleet, name);
  return [scaler.groups.get(name)!];
}
