import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { synthesize } from '../../local/synthesize.ts';
import { exitCodes, Failure } from '../failure.ts';
import { type FleetOptions, takesFleet } from '../fleet-text.ts';
import { loadFleet } from '../load-fleet.ts';
import { print } from '../print.ts';
import { inProgress } from '../progress.ts';
import { styled } from '../terminal.ts';

const help = `
Writes what npx cdk deploy would deploy as plain templates of CloudFormation: one for each stack, the code of the functions in zips beside
them, and deploy.sh. Nothing has to be bootstrapped; the zips go into a bucket of yours, under a name that changes with what is in them.

  $ rushhour synth --plain --bucket my-artifacts
  $ sh plain/deploy.sh --region eu-central-1

docs/recipes.md has the same for AWS SAM and Terraform.`;

interface SynthOptions extends FleetOptions {
  readonly plain?: boolean;
  readonly bucket?: string;
  readonly prefix?: string;
  readonly out: string;
}

export function define(command: Command): void {
  takesFleet(command)
    .addOption(new Option('--plain', 'templates that need neither CDK nor its bootstrap'))
    .addOption(
      new Option('--bucket <name>', 'an S3 bucket of yours, in the region of the deploy').argParser(
        readBucket,
      ),
    )
    .addOption(
      new Option(
        '--prefix <path>',
        'where in the bucket; default: rushhour/ and the name of the fleet',
      ).argParser(readPrefix),
    )
    .addOption(new Option('--out <folder>', 'where the files go').default('plain'))
    .addHelpText('after', help)
    .action(synth);
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function readBucket(text: string): string {
  if (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text)) return text;
  throw new InvalidArgumentError(
    'Expected the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens.',
  );
}

function readPrefix(text: string): string {
  const path = text.replace(/^\/+|\/+$/g, '');
  if (/^[\w!.*'()/-]{1,512}$/.test(path)) return `${path}/`;
  throw new InvalidArgumentError('Expected a path of letters, digits and /_-.');
}

async function synth(options: SynthOptions): Promise<void> {
  if (!options.plain)
    throw new Failure('Which templates?', {
      advice: 'Say --plain for templates without CDK, or npx cdk synth for those with it.',
      exitCode: exitCodes.misused,
    });
  if (options.bucket === undefined)
    throw new Failure('Which bucket is to hold the code of the functions?', {
      advice: 'Say --bucket NAME: one of yours, in the region that is deployed to.',
      exitCode: exitCodes.misused,
    });
  const fleet = loadFleet(options, { withFiles: true });
  const { bucket, out: folder, prefix = `rushhour/${fleet.name}/` } = options;
  clear(folder);
  const assembly = mkdtempSync(join(tmpdir(), 'rushhour-plain-'));
  try {
    await inProgress(
      'synthesizing',
      synthesize(options.fleet, assembly, Date.now(), { bucket, prefix, folder }),
    );
  } finally {
    rmSync(assembly, { recursive: true, force: true });
  }
  const written = readdirSync(folder);
  const count = (end: string) => written.filter((name) => name.endsWith(end)).length;
  print(
    `${styled('green', '✓')} ${folder}: ${count('.template.json')} templates, ${count('.zip')} zips, deploy.sh`,
  );
  print(`Next: sh ${folder}/deploy.sh --region REGION`);
}

/** What an earlier run has written goes; a folder that holds anything else is not touched. */
function clear(folder: string): void {
  if (!existsSync(folder)) return;
  const others = readdirSync(folder).filter(
    (name) => !/\.template\.json$|^[0-9a-f]{64}\.zip$|^deploy\.sh$/.test(name),
  );
  if (others.length > 0)
    throw new Failure(`${folder} holds ${others[0]}, which synth has not written.`, {
      advice: 'Name a folder of its own: --out FOLDER',
      exitCode: exitCodes.misused,
    });
  rmSync(folder, { recursive: true });
}
