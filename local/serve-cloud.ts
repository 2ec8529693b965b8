import { wholeCloud } from '@rushhour/local-aws';
import { Endpoint } from '@rushhour/local-aws/endpoint';
import { ecsServiceOf } from '../shared/fleet/ecs.ts';
import { scalingGroupName } from '../shared/fleet/names.ts';
import { kindOfName } from '../shared/fleet/other-kinds.ts';
import { hourMs } from '../shared/units.ts';
import { deployFleet } from './deploy-fleet.ts';
import { readFleetFile } from './fleet-file.ts';
import { fleetWorld, generatedDay, provideForFleet } from './fleet-world.ts';
import { onSignal } from './run-program.ts';

export interface CloudOptions {
  /** Where it listens; 0: any free port. */
  readonly port: number;
  readonly fleet: string;
  /** Deploys nothing. */
  readonly empty: boolean;
}

/**
 * Starts the local cloud alone, in real time, until a signal ends it.
 * @throws InvalidFleet, Error with a sentence
 */
export async function serveCloud(options: CloudOptions): Promise<void> {
  const fleet = await readFleetFile(options.fleet);
  const region = process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const world = fleetWorld(fleet, (group) => generatedDay(fleet, group));
  // The deployment plays in the hour before now, so that everything is there when the clock starts.
  const local = wholeCloud({ start: Date.now() - hourMs, region, seed: fleet.simulation.seed }, world);
  provideForFleet(local, fleet);
  const endpoint = new Endpoint(local.cloud);
  const url = await endpoint.listen(options.port);
  if (!options.empty) {
    console.log('Synthesizing and deploying the fleet …');
    await deployFleet(local.cloud, options.fleet);
  }
  await local.cloud.eventQueue.runUntil(Date.now());
  local.cloud.eventQueue.follow();
  console.log(
    howToUse(url, region, options.empty ? undefined : scalingGroupName(fleet, Object.keys(fleet.groups)[0]!)),
  );
  for (const { to, topicArn, token } of local.sns.confirmations)
    console.log(
      `\nMail to ${to} waits for its confirmation:\n  aws --endpoint-url ${url} sns confirm-subscription --topic-arn ${topicArn} --token ${token}`,
    );

  const stop = async (): Promise<void> => {
    await local.cloud.close();
    await endpoint.close();
  };
  onSignal(() => void stop());
}

/** `group` is a scaling group to try things on; without one there is nothing yet. */
function howToUse(url: string, region: string, group: string | undefined): string {
  const tryThis = !group
    ? ['npx cdk bootstrap', 'npx cdk deploy --all --require-approval never']
    : [
        'npx rushhour status',
        'npx rushhour console',
        // Older AWS CLIs, Debian's among them, do not read AWS_ENDPOINT_URL.
        ...awsCommands(group).map((line) => line.replace(/^aws/, 'aws --endpoint-url $AWS_ENDPOINT_URL')),
      ];
  return [
    `The local cloud listens on ${url} (${region}). Any AWS client can use it:`,
    '',
    `  export AWS_ENDPOINT_URL=${url} AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`,
    '  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local',
    '',
    ...tryThis.map((line) => `  ${line}`),
    '',
    'Ctrl-C stops it.',
  ].join('\n');
}

/** What shows and changes a group by AWS's own command line; of other clouds' there is none. */
function awsCommands(group: string): string[] {
  const service = ecsServiceOf(group);
  if (service) {
    const { region, cluster, service: name } = service;
    const there = region === undefined ? '' : `--region ${region} `;
    return [
      `aws ecs list-tasks ${there}--cluster ${cluster} --service-name ${name} --output table`,
      `aws ecs update-service ${there}--cluster ${cluster} --service ${name} --desired-count 4`,
    ];
  }
  if (kindOfName(group)) return [];
  return [
    'aws autoscaling describe-auto-scaling-groups --output table',
    'aws autoscaling set-desired-capacity \\',
    `  --auto-scaling-group-name ${group} --desired-capacity 4`,
  ];
}
