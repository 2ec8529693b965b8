import { Aws } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { filledIn, scriptProblems } from '../shared/fleet/boot-script.ts';
import { mostFileBytes, readBeside, UnusableFile } from '../shared/fleet/file-beside.ts';
import type { Launch } from '../shared/fleet/launch.ts';
import { startAgent } from './agent-script.ts';

export interface Boot {
  /** Where the fleet file lies: scripts are named from there. */
  readonly fleetDirectory: string;
  /** Memory and disk are looked at: EC2 does not measure them, the CloudWatch agent does. */
  readonly agent: boolean;
  /** Address of another group's load balancer, for `address-of:GROUP`. */
  readonly addressOf: (group: string) => string;
}

/** A launch's script cannot be used; the message says which and why. */
export class InvalidScript extends Error {
  override readonly name = 'InvalidScript';
  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`${path}: ${problem}`, options);
  }
}

/**
 * What a server does when it boots: learns its environment, fetches its secrets by name (so that no template holds
 * one), starts the CloudWatch agent if somebody looks at what it measures, and runs the user's script.
 * @throws InvalidScript when it cannot be read, is too long, or holds what may not be put before a server
 */
export function userData(launch: Launch, boot: Boot): ec2.UserData {
  const values = Object.fromEntries(
    Object.entries(launch.environment).map(([name, text]) => [
      name,
      text.startsWith('address-of:') ? boot.addressOf(text.slice('address-of:'.length)) : text,
    ]),
  );
  const data = ec2.UserData.forLinux();
  data.addCommands(
    'set -euo pipefail',
    ...Object.entries(values).map(([name, value]) => `export ${name}=${quoted(value)}`),
    ...Object.entries(launch.secrets).flatMap(([name, secret]) => fetchSecret(name, secret)),
    ...(boot.agent ? startAgent : []),
  );
  if (launch.userData !== undefined) {
    data.addCommands(filledIn(scriptOf(launch, launch.userData, boot.fleetDirectory), values));
    const bytes = Buffer.byteLength(data.render());
    if (bytes > mostFileBytes) {
      const problem = `expected at most ${mostFileBytes} bytes with all that comes before it, found ${bytes}: have it fetch the rest`;
      throw new InvalidScript(launch.userData, problem);
    }
  }
  return data;
}

function scriptOf({ environment }: Launch, path: string, directory: string): string {
  const script = read(directory, path);
  const [problem] = scriptProblems(script, environment);
  if (problem) throw new InvalidScript(path, problem);
  return script;
}

function read(directory: string, path: string): string {
  try {
    return readBeside(directory, path);
  } catch (cause) {
    if (cause instanceof UnusableFile) throw new InvalidScript(path, cause.message, { cause });
    throw cause;
  }
}

/** For the shell, in one piece. A token is an address, which needs no escape. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function fetchSecret(name: string, secret: string): string[] {
  const get = `aws secretsmanager get-secret-value --region ${Aws.REGION} --secret-id ${quoted(secret)}`;
  // `export` on its own line: in one, it would hide that the call failed.
  return [`${name}="$(${get} --query SecretString --output text)"`, `export ${name}`];
}
