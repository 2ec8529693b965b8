import { setTimeout } from 'node:timers/promises';
import {
  type CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  paginateDescribeStacks,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import { referencedGroups } from '../../shared/fleet/launch.ts';
import { fleetTag } from '../../shared/fleet/names.ts';
import { Failure } from '../failure.ts';

const lookEveryMs = 5_000;
/** A group's servers drain, and its network interfaces take their time. */
const mostMs = 45 * 60_000;

/** A fleet's own stacks, in rounds: those of one round go together, and none before those that read from it are gone. */
export async function stacksOf(client: CloudFormationClient, fleet: Fleet): Promise<string[][]> {
  const names: string[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {}))
    names.push(...Stacks.filter((stack) => isOf(stack, fleet)).map(({ StackName }) => StackName!));
  const last = ['network', 'scaler'].map((part) => `${fleet.name}-${part}`);
  const groups = names.filter((name) => !last.includes(name));
  const rounds = inRounds(groups, fleet);
  return [...rounds, last.filter((name) => names.includes(name))].filter((round) => round.length > 0);
}

/** By its tag, as the CDK has it, or by its name: `aws cloudformation deploy` puts no tags on a stack. */
function isOf(
  { StackName = '', StackStatus, ParentId, Tags = [], Description = '' }: Stack,
  fleet: Fleet,
): boolean {
  if (ParentId !== undefined || StackStatus === 'DELETE_COMPLETE' || !StackName.startsWith(`${fleet.name}-`))
    return false;
  return (
    Tags.some(({ Key, Value }) => Key === fleetTag && Value === fleet.name) ||
    (Description.startsWith('Rushhour: ') && Description.endsWith(` of fleet ${fleet.name}`))
  );
}

/** A group whose servers are told the address of another goes before that one. */
function inRounds(stacks: readonly string[], fleet: Fleet): string[][] {
  const rounds: string[][] = [];
  let left = [...stacks];
  while (left.length > 0) {
    const needed = new Set(left.flatMap((stack) => needs(stack, fleet)));
    const free = left.filter((stack) => !needed.has(stack));
    rounds.push(free.length > 0 ? free : left);
    left = free.length > 0 ? left.filter((stack) => needed.has(stack)) : [];
  }
  return rounds;
}

function needs(stack: string, fleet: Fleet): string[] {
  const launch = fleet.groups[stack.slice(fleet.name.length + 1)]?.launch;
  return launch ? referencedGroups(launch).map((group) => `${fleet.name}-${group}`) : [];
}

/** Deletes a round of stacks and waits until they are gone. @throws Failure with what CloudFormation says */
export async function deleteStacks(client: CloudFormationClient, stacks: readonly string[]): Promise<void> {
  const ids = await Promise.all(
    stacks.map(async (StackName) => {
      const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
      await client.send(new DeleteStackCommand({ StackName }));
      return Stacks[0]!.StackId!;
    }),
  );
  const deadline = Date.now() + mostMs;
  for (const id of ids) await waitUntilGone(client, id, deadline);
}

async function waitUntilGone(
  client: CloudFormationClient,
  StackName: string,
  deadline: number,
): Promise<void> {
  for (;;) {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    const [stack] = Stacks;
    if (stack?.StackStatus === 'DELETE_COMPLETE') return;
    if (!stack?.StackStatus?.endsWith('_IN_PROGRESS') || Date.now() > deadline)
      throw new Failure(
        `${stack?.StackName} is ${stack?.StackStatus}: ${stack?.StackStatusReason ?? 'no reason given'}`,
        {
          advice: 'Say rushhour remove again once that is mended: it goes on where it was.',
        },
      );
    await setTimeout(lookEveryMs);
  }
}
