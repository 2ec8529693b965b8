import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package whose code went into a bundle. */
interface BundledPackage {
  /** Name and version. */
  readonly name: string;
  /** SPDX, as its own package.json has it. */
  readonly licence: string;
  readonly text: string;
}

const folderOfPackage = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const legalFile = /^(licen[cs]e|copying|notice)(\.(md|txt))?$/i;

/**
 * What a bundle owes to those whose code it carries: every package that went in, with its licence's whole text.
 * @param inputs the files of the bundle as esbuild's metafile has them, relative to `root`
 * @throws Error when a package comes without a licence, and none was put on record in `infra/licences`
 */
export function noticesOf(inputs: Readonly<Record<string, { bytesInOutput: number }>>, root: string): string {
  const used = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const folders = new Set(used.flatMap(([file]) => folderOfPackage.exec(file) ?? []));
  const packages = [...folders].sort().map((folder) => readPackage(join(root, folder)));
  const sameWords = Map.groupBy(packages, ({ licence, text }) => `License: ${licence}\n\n${text}`);
  const sections = [...sameWords].map(
    ([words, those]) => `${those.map(({ name }) => name).join('\n')}\n\n${words}`,
  );
  return ['This code contains, besides Rushhour, the packages below.', ...sections].join(
    `\n\n${'-'.repeat(80)}\n\n`,
  );
}

function readPackage(folder: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const legal = readdirSync(folder).filter((file) => legalFile.test(file));
  const texts = legal.sort().map((file) => join(folder, file));
  // Some publish without their licence: what their repository has stands in for it, by their scope or name.
  const onRecord = join(import.meta.dirname, 'licences', `${name.split('/')[0]}.txt`);
  if (texts.length === 0 && existsSync(onRecord)) texts.push(onRecord);
  if (texts.length === 0)
    throw new Error(
      `${name} is bundled and comes without a licence text: copy its repository's LICENSE to ${onRecord}`,
    );
  const text = texts.map((file) => readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim()).join('\n\n');
  return { name: `${name} ${version}`, licence: license, text };
}
