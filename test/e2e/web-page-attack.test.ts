import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import { wholeCloud } from '@rushhour/local-aws';
import { Endpoint } from '@rushhour/local-aws/endpoint';
import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startBrowser } from '../../console/start-browser.ts';
import { World } from '../../simulate/world/world.ts';

const region = 'us-east-1';
const account = '000000000000';
const owner = { kind: 'owner', arn: `arn:aws:iam::${account}:user/owner` } as const;
const start = Date.parse('2026-03-02T00:00:00Z');
const { cloud } = wholeCloud({ start }, new World(7, {}));
const endpoint = new Endpoint(cloud);
/** Everything that is carried out goes through here. */
const performed = vi.spyOn(cloud, 'perform');

let url: string;
let elsewhere: Server;
let browser: Browser;
let page: Page;

/** The keys of the tutorial, which every page knows. */
const credential = (service: string) => `local/20260302/${region}/${service}/aws4_request`;
const signature = (service: string) =>
  `AWS4-HMAC-SHA256 Credential=${credential(service)}, SignedHeaders=host, Signature=0`;
const inQuery = (service: string) =>
  `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(credential(service))}`;
const grow = 'Action=SetDesiredCapacity&AutoScalingGroupName=web&DesiredCapacity=9';
const describeGroups = 'Action=DescribeAutoScalingGroups';
const runCode = JSON.stringify({
  FunctionName: 'evil',
  Role: `arn:aws:iam::${account}:role/r`,
  Runtime: 'nodejs24.x',
  Handler: 'index.handler',
  Code: { ZipFile: '' },
});
const makeStack = `Action=CreateStack&StackName=evil&TemplateBody=${encodeURIComponent(
  JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } }),
)}`;

beforeAll(async () => {
  url = await endpoint.listen();
  elsewhere = await attackersServer();
  browser = await startBrowser(['--host-resolver-rules=MAP rebound.example 127.0.0.1']);
  const image = (await cloud.call('ec2', 'DescribeImages', {}, owner)).Images[0].ImageId;
  const LaunchTemplateData = { ImageId: image, InstanceType: 'c7g.large' };
  await cloud.call('ec2', 'CreateLaunchTemplate', { LaunchTemplateName: 't', LaunchTemplateData }, owner);
  const group = {
    AutoScalingGroupName: 'web',
    MinSize: 1,
    MaxSize: 10,
    AvailabilityZones: ['us-east-1a'],
    LaunchTemplate: { LaunchTemplateName: 't' },
  };
  await cloud.call('autoscaling', 'CreateAutoScalingGroup', group, owner);
});

async function attackersServer(): Promise<Server> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<title>elsewhere</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

afterAll(async () => {
  await browser?.close();
  elsewhere.close();
  await endpoint.close();
  await cloud.close();
});

beforeEach(async () => {
  page = await browser.newPage();
  performed.mockClear();
});

afterEach(() => page.close());

interface Attempt {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly mode?: 'cors' | 'no-cors';
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const attempts: Attempt[] = [
  { path: '/', method: 'POST', headers: { ...form, authorization: signature('autoscaling') }, body: grow },
  { path: '/', headers: { authorization: signature('autoscaling') } },
  { path: `/?${inQuery('autoscaling')}`, method: 'POST', headers: form, body: grow },
  { path: `/?${inQuery('autoscaling')}`, method: 'POST', headers: form, body: grow, mode: 'no-cors' },
  { path: `/?${grow}&${inQuery('autoscaling')}`, mode: 'no-cors' },
  { path: `/?${describeGroups}&${inQuery('autoscaling')}` },
  {
    path: `/2015-03-31/functions?${inQuery('lambda')}`,
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: runCode,
    mode: 'no-cors',
  },
  {
    path: '/2015-03-31/functions',
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: signature('lambda') },
    body: runCode,
  },
  { path: `/a-bucket?${inQuery('s3')}`, method: 'POST', body: '', mode: 'no-cors' },
  { path: `/?${inQuery('s3')}` },
];

/** Makes the requests from a page's own script. @returns what the script could read of each answer */
async function fromScript(base: string, requests: readonly Attempt[]): Promise<string[]> {
  return page.evaluate(
    async ([at, all]) => {
      const read: string[] = [];
      for (const { path, ...options } of all) {
        const answer = fetch(at + path, options).then(async (one) => `${one.status} ${await one.text()}`);
        read.push(await answer.catch(() => 'nothing'));
      }
      return read;
    },
    [base, requests] as const,
  );
}

/** Makes the requests that need no script's leave: a form, an image, a script, a frame. */
async function fromMarkup(base: string): Promise<void> {
  const opened = `${base}/?${grow}&${inQuery('autoscaling')}`.replaceAll('&', '&amp;');
  const posted = `${base}/?${inQuery('autoscaling')}`.replaceAll('&', '&amp;');
  const fields = [...new URLSearchParams(grow)].map(([name, value]) => `<input name=${name} value=${value}>`);
  const settled = new Set<string>();
  const count = (request: Request) => {
    const type = request.resourceType();
    if (request.url().startsWith(base) && type !== 'fetch') settled.add(`${request.method()} ${type}`);
  };
  page.on('requestfinished', count).on('requestfailed', count);
  await page.setContent(
    `<img src="${opened}"><iframe src="${opened}"></iframe><link rel="stylesheet" href="${opened}">
     <iframe name="target"></iframe><form method="post" target="target" action="${posted}">${fields}</form>
     <script>document.forms[0].submit()</script>`,
    { waitUntil: 'commit' },
  );
  await expect
    .poll(() => [...settled].sort(), { timeout: 60_000 })
    .toEqual(['GET document', 'GET image', 'GET stylesheet', 'POST document']);
  page.off('requestfinished', count).off('requestfailed', count);
}

async function expectNothingDone(): Promise<void> {
  expect(performed.mock.calls.map(([service, operation]) => `${service}:${operation}`)).toEqual([]);
  const { AutoScalingGroups } = await cloud.call('autoscaling', 'DescribeAutoScalingGroups', {}, owner);
  expect(AutoScalingGroups[0].DesiredCapacity).toBe(1);
}

describe('a web page, while the local cloud is up', () => {
  it('on another port of this machine carries nothing out and reads nothing', async () => {
    await page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
    expect(await page.title()).toBe('elsewhere');
    for (const name of [url, url.replace('127.0.0.1', 'localhost')]) {
      const read = await fromScript(name, attempts);
      expect(new Set(read)).toEqual(new Set(['nothing', '0 ']));
      await fromMarkup(name);
    }
    await expectNothingDone();
  });

  it('whose name was rebound to this machine carries nothing out and reads nothing', async () => {
    const theirs = await attackersServer();
    const { port } = theirs.address() as AddressInfo;
    const rebound = `http://rebound.example:${port}`;
    await page.goto(rebound);
    // From here on the name means another machine's server on that port: ours.
    theirs.closeAllConnections();
    await new Promise((resolve) => theirs.close(resolve));
    const ours = new Endpoint(cloud);
    await ours.listen(port);
    const read = await fromScript('', attempts);
    expect(read).toHaveLength(attempts.length);
    for (const one of read) expect(one).toMatch(/^403 .*expected the host 127\.0\.0\.1/s);
    await fromMarkup(rebound);
    await expectNothingDone();
    await ours.close();
  });

  it.each([
    ['sets a capacity', `/?${grow}&${inQuery('autoscaling')}`],
    ['makes a stack', `/?${makeStack}&${inQuery('cloudformation')}`],
    ['lists buckets', `/?${inQuery('s3')}`],
  ])('carries nothing out by an address that somebody opens and that %s', async (_, path) => {
    const typed = await page.goto(url + path);
    expect(typed!.status()).toBe(403);
    await page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
    const followed = page.waitForResponse((response) => response.url().startsWith(url));
    await page.evaluate((address) => {
      (globalThis as unknown as { location: { href: string } }).location.href = address;
    }, url + path);
    expect((await followed).status()).toBe(403);
    await expectNothingDone();
  });
});

describe('a program on this machine, meanwhile', () => {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

  afterEach(() =>
    cloud.call(
      'autoscaling',
      'SetDesiredCapacity',
      { AutoScalingGroupName: 'web', DesiredCapacity: 1 },
      owner,
    ),
  );

  it.each(['127.0.0.1', 'localhost'])(
    'is obeyed at %s with an SDK and the keys of the tutorial',
    async (name) => {
      const client = new AutoScalingClient({
        endpoint: url.replace('127.0.0.1', name),
        region,
        credentials,
      });
      await client.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: 'web', DesiredCapacity: 2 }));
      const { AutoScalingGroups } = await client.send(new DescribeAutoScalingGroupsCommand({}));
      expect(AutoScalingGroups![0]!.DesiredCapacity).toBe(2);
    },
  );

  it('is obeyed with the AWS CLI', async ({ skip }) => {
    const environment = {
      PATH: process.env['PATH']!,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    };
    // Switches, not variables: old versions do not know those.
    const where = ['--endpoint-url', url, '--region', region];
    const aws = (...args: string[]) => promisify(execFile)('aws', [...args, ...where], { env: environment });
    const installed = await aws('--version').then(
      () => true,
      () => false,
    );
    skip(!installed, 'the AWS CLI is not installed here');
    await aws(
      'autoscaling',
      'set-desired-capacity',
      '--auto-scaling-group-name',
      'web',
      '--desired-capacity',
      '3',
    );
    const { stdout } = await aws('autoscaling', 'describe-auto-scaling-groups');
    expect(JSON.parse(stdout).AutoScalingGroups[0].DesiredCapacity).toBe(3);
  });
});
