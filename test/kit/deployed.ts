import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type WholeCloud, wholeCloud } from '@rushhour/local-aws';
import type { Cloud } from '@rushhour/local-aws/cloud';
import { deployAssembly } from '@rushhour/local-aws/deploy-assembly';
import { Endpoint } from '@rushhour/local-aws/endpoint';
import type { Principal } from '@rushhour/local-aws/service';
import type { App } from 'aws-cdk-lib';
import { confirmMail } from '../../local/confirm-mail.ts';
import { provideForFleet } from '../../local/fleet-world.ts';
import { Clusters } from '../../local/kubernetes/clusters.ts';
import { PodTraffic } from '../../local/kubernetes/pod-traffic.ts';
import { synthesize } from '../../local/synthesize.ts';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import type { ActivityJson } from '../../shared/ports/activity-json.ts';
import { World } from '../../simulate/world/world.ts';

// The e2e tests run CloudFormation's schemas over the templates, in an engine that takes seconds to load.
process.env['CDK_VALIDATION'] = 'false';

const owner: Principal = { kind: 'owner', arn: 'arn:aws:iam::000000000000:user/owner' };

/** The example fleet's file, changed as a user would. @throws Error when there is no such text */
export async function exampleFleet(...changes: readonly (readonly [from: string, to: string])[]) {
  let text = await readFile('fleet.yaml', 'utf8');
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`fleet.yaml has no ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

/** A local cloud in simulated time, and fleets that are deployed to it with their functions as they are bundled. */
export class Deployed implements AsyncDisposable {
  readonly #local: WholeCloud;
  readonly #endpoint: Endpoint;
  readonly #traffic: PodTraffic;
  readonly #autoscaled: boolean;
  #clusters: Clusters | undefined;
  readonly #folders: string[] = [];

  /**
   * @param start of the cloud's clock
   * @param models how servers behave and who comes to them, by scaling group; others have nothing to do
   * @param account what the account has beside them; whether an autoscaler owns each workload of Kubernetes
   */
  constructor(
    start = '2026-03-04T00:00:00Z',
    models: ConstructorParameters<typeof World>[1] = {},
    {
      autoscaled = false,
      ...account
    }: { readonly concurrentExecutions?: number; readonly autoscaled?: boolean } = {},
  ) {
    this.#traffic = new PodTraffic(new World(7, models));
    this.#autoscaled = autoscaled;
    this.#local = wholeCloud({ start: Date.parse(start), ...account }, this.#traffic);
    this.#endpoint = new Endpoint(this.#local.cloud);
  }

  /**
   * `cdk deploy --all`, and whoever reads the fleet's mail confirms that it is wanted.
   * @param confirms false: nobody reads it
   * @returns the outputs of each stack
   */
  async deploy(fleetFile: string, confirms = true): Promise<Record<string, Record<string, string>>> {
    const folder = await this.#folder();
    const file = join(folder, 'fleet.yaml');
    await writeFile(file, fleetFile);
    await synthesize(file, join(folder, 'cdk.out'), this.now);
    return this.#deploy(join(folder, 'cdk.out'), readFleet(fleetFile, file), confirms);
  }

  /** The same of an app of somebody else's. @param compose makes it, with the construct in it for this fleet */
  async deployApp(
    fleet: Fleet,
    compose: (app: App) => void,
  ): Promise<Record<string, Record<string, string>>> {
    const outdir = await this.#folder();
    // It takes seconds to load, and most tests synthesize in a process of their own.
    const cdk = await import('aws-cdk-lib');
    const app = new cdk.App({ outdir, analyticsReporting: false });
    compose(app);
    app.synth();
    return this.#deploy(outdir, fleet, true);
  }

  async #folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'rushhour-deployed-'));
    this.#folders.push(folder);
    return folder;
  }

  async #deploy(assembly: string, fleet: Fleet, confirms: boolean) {
    const { cloud } = this.#local;
    provideForFleet(this.#local, fleet);
    this.#clusters ??= await Clusters.open(this.#local, fleet, this.#traffic, this.#autoscaled);
    await this.listen();
    const outputs = await deployAssembly(cloud, assembly);
    if (confirms) await confirmMail(this.#local);
    return outputs;
  }

  /** From then on clients of AWS reach it. */
  async listen(): Promise<void> {
    if (this.cloud.endpointUrl === undefined) await this.#endpoint.listen();
  }

  /** `cdk destroy STACK`. @throws Error when the stack cannot be deleted */
  async destroy(StackName: string): Promise<void> {
    const { Stacks } = await this.call('cloudformation', 'DescribeStacks', { StackName });
    await this.call('cloudformation', 'DeleteStack', { StackName });
    for (;;) {
      await this.pass(10);
      const again = { StackName: Stacks[0].StackId };
      const [stack] = (await this.call('cloudformation', 'DescribeStacks', again)).Stacks;
      if (stack.StackStatus === 'DELETE_COMPLETE') return;
      if (!stack.StackStatus.endsWith('_IN_PROGRESS')) throw new Error(stack.StackStatusReason);
    }
  }

  // biome-ignore lint/suspicious/noExplicitAny: tests look into outputs of every operation.
  call(service: string, operation: string, input: object): Promise<any> {
    return this.#local.cloud.call(service, operation, input, owner);
  }

  /** Those that the fleet's groups of Kubernetes live in. */
  get clusters(): Clusters {
    return this.#clusters!;
  }

  /** The cloud's services, for what no call can do. */
  get local(): WholeCloud {
    return this.#local;
  }

  get cloud(): Cloud {
    return this.#local.cloud;
  }

  /** With the mail of its topics. */
  get sns() {
    return this.#local.sns;
  }

  get now(): number {
    return this.#local.cloud.eventQueue.now();
  }

  async pass(seconds: number): Promise<void> {
    await this.#local.cloud.eventQueue.runUntil(this.now + seconds * 1000);
  }

  /** What people were sent. */
  get mails() {
    return this.#local.sns.inbox;
  }

  // biome-ignore lint/suspicious/noExplicitAny: as Auto Scaling describes it.
  async group(name: string): Promise<any> {
    const input = { AutoScalingGroupNames: [name] };
    return (await this.call('autoscaling', 'DescribeAutoScalingGroups', input)).AutoScalingGroups[0];
  }

  /** Ids of a group's servers. */
  async servers(group: string): Promise<string[]> {
    const { Instances } = await this.group(group);
    return Instances.map(({ InstanceId }: { InstanceId: string }) => InstanceId);
  }

  /** A group's activities as the deployed `history` function tells them, oldest first. */
  async history(fleet: string, group: string): Promise<ActivityJson[]> {
    const Payload = Buffer.from(JSON.stringify({ group, limit: 200 }));
    const answer = await this.call('lambda', 'Invoke', { FunctionName: `${fleet}-history`, Payload });
    const text = Buffer.from(answer.Payload).toString();
    if (answer.FunctionError) throw new Error(text);
    return JSON.parse(text).activities.toReversed();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#clusters?.[Symbol.asyncDispose]();
    await this.#endpoint.close();
    await this.#local.cloud.close();
    for (const folder of this.#folders) await rm(folder, { recursive: true, force: true });
  }
}
