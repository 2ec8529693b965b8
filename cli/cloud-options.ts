import { type Command, Option } from 'commander';
import type { CloudSelection } from './cloud-settings.ts';
import { type FleetOptions, takesFleet } from './fleet-text.ts';

export type CloudOptions = FleetOptions & CloudSelection;

/** Adds `--fleet`, and what every AWS tool takes. */
export function takesCloud(command: Command): Command {
  return takesFleet(command)
    .addOption(new Option('--region <region>', 'AWS region; default: AWS_REGION, or that of the profile'))
    .addOption(new Option('--profile <name>', 'profile of ~/.aws; default: AWS_PROFILE'))
    .addOption(new Option('--endpoint-url <url>', "another cloud's address; default: AWS_ENDPOINT_URL"));
}
