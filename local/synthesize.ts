import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

/**
 * Synthesizes the fleet's cloud assembly as `cdk synth` does, in a process of its own: `infra` is nobody's library.
 *
 * @param directory where the assembly goes
 * @param now the clock of the cloud that it is for, epoch milliseconds: windows that are past then get no schedule
 * @throws Error with what the CDK app printed, if it fails
 */
export async function synthesize(fleetFile: string, directory: string, now: number): Promise<void> {
  const { context } = JSON.parse(await readFile('cdk.json', 'utf8'));
  const app = spawn(process.execPath, ['infra/app.ts'], {
    env: {
      ...process.env,
      FLEET: fleetFile,
      SYNTHESIZED_AT: new Date(now).toISOString(),
      CDK_OUTDIR: directory,
      CDK_CONTEXT_JSON: JSON.stringify(context),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [printed, complained, [status]] = await Promise.all([
    text(app.stdout),
    text(app.stderr),
    once(app, 'exit') as Promise<[number | null]>,
  ]);
  if (status !== 0) throw new Error(`The fleet could not be synthesized:\n${printed}${complained}`);
}
