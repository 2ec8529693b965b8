import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Instance } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAgent } from '../../infra/agent-script.ts';
import { agentData } from '../../packages/local-aws/src/ec2/cloudwatch-agent.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rushhour-boot-'));
  mkdirSync(join(root, 'bin'));
  for (const tool of ['bash', 'cat', 'uname', 'mktemp', 'mkdir', 'chmod', 'cp']) {
    const real = execFileSync('bash', ['-c', `command -v ${tool}`])
      .toString()
      .trim();
    program(tool, `exec ${real} "$@"`);
  }
});
afterEach(() => rmSync(root, { recursive: true }));

function program(name: string, body: string): void {
  const file = join(root, 'bin', name);
  writeFileSync(file, `#!/bin/bash\n${body}\n`);
  chmodSync(file, 0o755);
}

/** Puts an agent there, as a package would. */
const installing = () =>
  `echo "$0 $*" >> ${root}/installed; mkdir -p ${root}/agent/bin ${root}/agent/etc; cp ${root}/ctl ${root}/agent/bin/amazon-cloudwatch-agent-ctl`;

/** Boots a server with nothing but these tools. @returns its log */
function boot(): string {
  writeFileSync(join(root, 'ctl'), `#!/bin/bash\necho "$*" > ${root}/started\n`);
  chmodSync(join(root, 'ctl'), 0o755);
  // CloudFormation puts the region in.
  const lines = startAgent.map((line) =>
    line
      .replaceAll('/opt/aws/amazon-cloudwatch-agent', join(root, 'agent'))
      .replaceAll(/\$\{Token.*?\}/g, 'here'),
  );
  const script = ['set -euo pipefail', ...lines, `echo served > ${root}/served`].join('\n');
  const env = { PATH: join(root, 'bin') };
  return execFileSync(join(root, 'bin', 'bash'), ['-c', `exec 2>&1; ${script}`], { env }).toString();
}

const has = (file: string) => existsSync(join(root, file));
const said = (file: string) => readFileSync(join(root, file), 'utf8');

describe("a server's boot", () => {
  it.each(['dnf', 'yum'])('starts the agent of Amazon Linux by %s', (tool) => {
    program(tool, installing());
    boot();
    expect(said('installed')).toContain(`${tool} install -y amazon-cloudwatch-agent`);
    expect(said('started')).toContain(`-s -c file:${root}/agent/etc/rushhour.json`);
    expect(has('served')).toBe(true);
  });

  it('starts it on Ubuntu and Debian, by the package that AWS offers', () => {
    program('curl', `echo "$*" > ${root}/fetched`);
    program('dpkg', installing());
    boot();
    expect(said('fetched')).toMatch(/\/ubuntu\/(amd64|arm64)\/latest\/amazon-cloudwatch-agent\.deb/);
    expect(has('started')).toBe(true);
  });

  it('starts it where dnf does not have it, as on Red Hat', () => {
    program('dnf', 'exit 1');
    program('wget', `echo "$*" > ${root}/fetched`);
    program('rpm', installing());
    boot();
    expect(said('fetched')).toContain('/redhat/');
    expect(has('started')).toBe(true);
  });

  it('starts the one that the image has, and installs none', () => {
    program('dnf', `echo > ${root}/installed`);
    execFileSync('bash', ['-c', `mkdir -p ${root}/agent/bin ${root}/agent/etc`]);
    writeFileSync(
      join(root, 'agent/bin/amazon-cloudwatch-agent-ctl'),
      `#!/bin/bash\necho > ${root}/started\n`,
    );
    chmodSync(join(root, 'agent/bin/amazon-cloudwatch-agent-ctl'), 0o755);
    boot();
    expect([has('installed'), has('started'), has('served')]).toEqual([false, true, true]);
  });

  it.each([
    ['there is no way to install it', () => {}],
    ['nothing can be downloaded', () => program('curl', 'exit 6')],
    ['its package is refused', () => program('dnf', 'exit 1')],
  ])('goes on with the script of the user, and says what is missing, where %s', (_, arrange) => {
    arrange();
    expect(boot()).toContain('rushhour: no CloudWatch agent, so this server reports neither memory nor disk');
    expect([has('started'), has('served')]).toEqual([false, true]);
  });
});

it('has memory and disk of the whole group arrive, and nothing else that is charged', () => {
  const userData = Buffer.from(startAgent.join('\n')).toString('base64');
  const server: Instance = { InstanceId: 'i-1' };
  const measured = { cpuPercent: 1, memoryPercent: 60, diskPercent: 20, bytesIn: 0, bytesOut: 0 };
  const dimensions = { AutoScalingGroupName: 'web' };
  expect(agentData(userData, server, 'web', measured)).toEqual([
    { namespace: 'CWAgent', name: 'mem_used_percent', dimensions, observation: 60 },
    { namespace: 'CWAgent', name: 'disk_used_percent', dimensions, observation: 20 },
  ]);
});
