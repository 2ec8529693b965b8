import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { type AppProps, type cx_api, DefaultStackSynthesizer } from 'aws-cdk-lib';
import { zipSync } from 'fflate';

/** Where the zips of the functions lie that plain templates name. */
export interface AssetsBucket {
  readonly bucket: string;
  /** Of every key, with a slash at its end. */
  readonly prefix: string;
}

/** An app whose stacks need no bootstrap: their code is in a bucket of the user's, and nothing asks for a version of anything. */
export function plainApp({ bucket, prefix }: AssetsBucket): AppProps {
  const defaultStackSynthesizer = new DefaultStackSynthesizer({
    fileAssetsBucketName: bucket,
    bucketPrefix: prefix,
    generateBootstrapVersionRule: false,
  }) as unknown as NonNullable<AppProps['defaultStackSynthesizer']>;
  return { analyticsReporting: false, defaultStackSynthesizer };
}

/** Of a zip's entries: what is in it decides what it is, and not when it was made. */
const mtime = new Date('2020-01-01T00:00:00');

/**
 * Writes each stack's template, the zips that they name, and a script that deploys them in order.
 * @param folder that is there
 */
export function writePlain(assembly: cx_api.CloudAssembly, at: AssetsBucket, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const { stackName, template } of assembly.stacks)
    writeFileSync(join(folder, `${stackName}.template.json`), `${JSON.stringify(template, null, 1)}\n`);
  for (const manifest of readdirSync(assembly.directory).filter((name) => name.endsWith('.assets.json')))
    writeAssets(assembly.directory, manifest, folder);
  const script = deployScript(
    assembly.stacks.map(({ stackName }) => stackName),
    at,
  );
  writeFileSync(join(folder, 'deploy.sh'), script, { mode: 0o755 });
}

interface AssetManifest {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string; readonly packaging: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

function writeAssets(directory: string, manifest: string, folder: string): void {
  const { files }: AssetManifest = JSON.parse(readFileSync(join(directory, manifest), 'utf8'));
  for (const { source, destinations } of Object.values(files)) {
    // The templates are written above, by the names of their stacks.
    if (source.path.endsWith('.template.json')) continue;
    for (const { objectKey } of Object.values(destinations)) {
      const to = join(folder, basename(objectKey));
      if (source.packaging === 'zip') writeFileSync(to, zipOf(join(directory, source.path)));
      else copyFileSync(join(directory, source.path), to);
    }
  }
}

function zipOf(directory: string): Uint8Array {
  const entries = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(directory, name)).isFile())
    .sort();
  const files = entries.map(
    (name) => [name.replaceAll(sep, '/'), new Uint8Array(readFileSync(join(directory, name)))] as const,
  );
  return zipSync(Object.fromEntries(files), { mtime });
}

function deployScript(stacks: readonly string[], { bucket, prefix }: AssetsBucket): string {
  const under = prefix.replace(/\/$/, '');
  const deploys = stacks.map(
    (stack) =>
      `aws cloudformation deploy --stack-name ${stack} --template-file ${stack}.template.json --s3-bucket ${bucket} --s3-prefix ${under} --capabilities CAPABILITY_NAMED_IAM --no-fail-on-empty-changeset "$@"`,
  );
  return `#!/bin/sh
# Uploads the functions' code and deploys the stacks, in order. What follows the script's name goes to aws: --region, --profile.
set -eu
cd "$(dirname "$0")"
aws s3 cp . s3://${bucket}/${under} --recursive --exclude '*' --include '*.zip' "$@"
${deploys.join('\n')}
`;
}
