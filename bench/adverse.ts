import { adverseCases, playCase } from './adverse/adverse-cases.ts';

/** `npm run bench -- adverse`: loads and metrics that lead a scaler astray, what is wanted of ours, and what it did. */
export function run(): void {
  let missed = 0;
  for (const adverse of adverseCases()) {
    const { seen, within } = playCase(adverse);
    if (!within) missed++;
    const verdict = within ? 'ok    ' : 'MISSED';
    console.log(`${verdict}  ${adverse.name}\n        wanted: ${adverse.wanted}\n        seen:   ${seen}`);
  }
  console.log(missed === 0 ? 'All as wanted.' : `${missed} missed.`);
  if (missed > 0) process.exitCode = 1;
}
