import {
  CreateImageCommand,
  type CreateImageCommandInput,
  EC2Client,
  waitUntilImageAvailable,
} from '@aws-sdk/client-ec2';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Scaler } from '../../shared/engine/scaler.ts';
import { fleetTag } from '../../shared/fleet/names.ts';
import { instanceId } from '../../shared/fleet/scalars.ts';
import { groupsOf, openCloud } from '../cloud.ts';
import { type CloudOptions, takesCloud } from '../cloud-options.ts';
import { type ConfirmOptions, confirm, takesYes } from '../confirm.ts';
import { type DryRunOptions, withDryRunOption } from '../dry-run.ts';
import { Failure } from '../failure.ts';
import { paced } from '../paced.ts';
import { type OutputOptions, print, printData, withJsonOption } from '../print.ts';
import { inProgress } from '../progress.ts';
import { styled, write } from '../terminal.ts';

const help = `
Makes an image of a running server, so that new servers of the group are like it, and prints the line for the fleet file.
The server is not restarted, so what it has not written to its disk yet is missing from the image. --reboot restarts it first.

  $ rushhour image business --from i-0123456789abcdef0
  imageId: ami-0fedcba9876543210`;

interface ImageOptions extends CloudOptions, OutputOptions, ConfirmOptions, DryRunOptions {
  readonly from: string;
  readonly reboot?: boolean;
}

export function define(command: Command): void {
  takesYes(withDryRunOption(withJsonOption(takesCloud(command))))
    .argument('<group>', 'the group whose servers shall be like it')
    .addOption(new Option('--from <instance>', 'the server').argParser(readInstance).makeOptionMandatory())
    .addOption(new Option('--reboot', 'restart the server for a consistent image'))
    .addHelpText('after', help)
    .action(image);
}

function readInstance(id: string): string {
  if (!instanceId.safeParse(id).success)
    throw new InvalidArgumentError('Expected an instance id like i-0123456789abcdef0.');
  return id;
}

/** Large disks take long. */
const mostSeconds = 2 * 3600;

async function image(group: string, options: ImageOptions): Promise<void> {
  const { scaler } = await inProgress('logging in', openCloud(options));
  groupsOf(scaler, group);
  const ec2 = paced(new EC2Client());
  const what = `an image of ${options.from}${options.reboot ? ', restarting it' : ''}`;
  const input = imageInput(scaler, group, options);
  if (options.dryRun) return wouldMake(ec2, what, group, input, options);
  await confirm(`Make ${what}? Its disks are copied, and kept until you deregister it.`, options);
  const { ImageId } = await ec2.send(new CreateImageCommand(input));
  await inProgress(`making ${ImageId}`, available(ec2, ImageId!));
  if (options.json) printData({ group, imageId: ImageId }, options);
  else {
    print(`imageId: ${ImageId}`);
    const next = `Put this line under launch of ${group} in ${options.fleet}, then: npx cdk diff\n`;
    write(process.stderr, next);
  }
}

function imageInput(
  { fleet, ports }: Scaler,
  group: string,
  { from, reboot }: ImageOptions,
): CreateImageCommandInput {
  const at = new Date(ports.clock.now()).toISOString();
  return {
    InstanceId: from,
    Name: `${fleet.name}-${group}-${at.replaceAll(/[-:]|\..*/g, '')}`,
    Description: `Of ${from}, for ${fleet.name}/${group}`,
    NoReboot: !reboot,
    TagSpecifications: [{ ResourceType: 'image', Tags: [{ Key: fleetTag, Value: fleet.name }] }],
  };
}

/** EC2 says whether it would. @throws whatever it would refuse it for */
async function wouldMake(
  ec2: EC2Client,
  what: string,
  group: string,
  input: CreateImageCommandInput,
  options: OutputOptions,
): Promise<void> {
  await ec2.send(new CreateImageCommand({ ...input, DryRun: true })).catch((error: Error) => {
    if (error.name !== 'DryRunOperation') throw error;
  });
  if (options.json) printData({ dryRun: true, group, name: input.Name }, options);
  else print(`${styled('cyan', 'would:')} make ${what}, called ${input.Name}`);
}

async function available(client: EC2Client, imageId: string): Promise<void> {
  try {
    await waitUntilImageAvailable(
      { client, maxWaitTime: mostSeconds, minDelay: 5, maxDelay: 15 },
      { ImageIds: [imageId] },
    );
  } catch (cause) {
    throw new Failure(`${imageId} did not become available.`, {
      advice: `Look at it: aws ec2 describe-images --image-ids ${imageId}`,
      cause,
    });
  }
}
