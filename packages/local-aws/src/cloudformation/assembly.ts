import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { archive } from './archive.ts';

/** A stack of a synthesized cloud assembly. */
export interface AssemblyStack {
  readonly id: string;
  readonly stackName: string;
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly terminationProtection: boolean;
}

/** A file that the stacks presume in a bucket. */
export interface AssemblyFile {
  readonly bucketName: string;
  readonly objectKey: string;
  read(): Promise<Uint8Array>;
}

interface Artifact {
  readonly type: string;
  readonly dependencies?: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: each type of artifact has its own properties.
  readonly properties?: any;
}

/**
 * Reads what `cdk synth` wrote: its stacks in an order in which they can be deployed, and their files.
 * @param place account and region, for the placeholders in the names of buckets
 * @throws Error when the directory holds no cloud assembly.
 */
export async function readAssembly(
  directory: string,
  place: { account: string; region: string },
): Promise<{ stacks: AssemblyStack[]; files: AssemblyFile[] }> {
  const manifest = JSON.parse(await readFile(join(directory, 'manifest.json'), 'utf8'));
  const artifacts = new Map(Object.entries(manifest.artifacts as Record<string, Artifact>));
  const ofType = (type: string) => inOrder(artifacts).filter((id) => artifacts.get(id)!.type === type);
  const stacks = ofType('aws:cloudformation:stack').map(async (id): Promise<AssemblyStack> => {
    const { properties } = artifacts.get(id)!;
    return {
      id,
      stackName: properties.stackName ?? id,
      template: await readFile(join(directory, properties.templateFile), 'utf8'),
      parameters: properties.parameters ?? {},
      tags: properties.tags ?? {},
      terminationProtection: properties.terminationProtection ?? false,
    };
  });
  const manifests = ofType('cdk:asset-manifest').map((id) => artifacts.get(id)!.properties.file);
  const files = await Promise.all(manifests.map((file) => readFiles(directory, file, place)));
  return { stacks: await Promise.all(stacks), files: files.flat() };
}

/** Artifact ids, each after those that it depends on. */
function inOrder(artifacts: ReadonlyMap<string, Artifact>): string[] {
  const order = new Set<string>();
  const visit = (id: string) => {
    if (order.has(id)) return;
    for (const dependency of artifacts.get(id)?.dependencies ?? []) visit(dependency);
    order.add(id);
  };
  for (const id of artifacts.keys()) visit(id);
  return [...order];
}

async function readFiles(
  directory: string,
  manifestFile: string,
  { account, region }: { account: string; region: string },
): Promise<AssemblyFile[]> {
  const fill = (text: string) =>
    text
      .replaceAll(/\$\{AWS::AccountId\}/g, account)
      .replaceAll(/\$\{AWS::Region\}/g, region)
      .replaceAll(/\$\{AWS::Partition\}/g, 'aws');
  const manifest = JSON.parse(await readFile(join(directory, manifestFile), 'utf8'));
  // biome-ignore lint/suspicious/noExplicitAny: the asset manifest's own schema
  return Object.values<any>(manifest.files ?? {}).flatMap(({ source, destinations }) =>
    // biome-ignore lint/suspicious/noExplicitAny: the asset manifest's own schema
    Object.values<any>(destinations).map(({ bucketName, objectKey }) => {
      const path = join(directory, source.path);
      const read = () => (source.packaging === 'zip' ? zipDirectory(path) : readFile(path));
      return { bucketName: fill(bucketName), objectKey: fill(objectKey), read };
    }),
  );
}

async function zipDirectory(path: string): Promise<Uint8Array> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(
    paths.toSorted().map(async (file) => [relative(path, file), await readFile(file)] as const),
  );
  return archive(new Map(contents));
}
