import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const app = new URL('../infra/plain-app.ts', import.meta.url);

/**
 * Sixty groups take 570 MB to synthesize and not 700: the heap's youngest part is collected before it has grown large. Smaller than
 * this it is 20 MB less, and takes a fifth longer.
 */
const youngHeap = '--max-semi-space-size=16';

export interface PlainTemplates {
  readonly bucket: string;
  /** Of the keys in it, with a slash at its end. */
  readonly prefix: string;
  /** Where the templates and zips go. */
  readonly folder: string;
}

/**
 * Synthesizes the fleet's cloud assembly as `cdk synth` does, in a process of its own: `infra` is nobody's library.
 *
 * @param directory where the assembly goes
 * @param now the clock of the cloud that it is for, epoch milliseconds: windows that are past then get no schedule
 * @param plain also templates that need no bootstrap, whose code is in this bucket
 * @throws Error with what the CDK app printed, if it fails
 */
export async function synthesize(
  fleetFile: string,
  directory: string,
  now: number,
  plain?: PlainTemplates,
): Promise<void> {
  const child = spawn(process.execPath, [youngHeap, fileURLToPath(app)], {
    env: {
      ...process.env,
      FLEET: fleetFile,
      SYNTHESIZED_AT: new Date(now).toISOString(),
      CDK_OUTDIR: directory,
      ...(plain && { ASSETS_BUCKET: plain.bucket, ASSETS_PREFIX: plain.prefix, PLAIN_OUT: plain.folder }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [printed, complained, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  if (status !== 0) throw new Error(`The fleet could not be synthesized:\n${printed}${complained}`);
}
