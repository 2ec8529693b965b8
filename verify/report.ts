import type { Finding } from './ask-all.ts';

const signs = { holds: '✓', differs: '✗', unknown: '?' } as const;

/** One finding in two lines. */
export function findingText({ name, fact, verdict, saw }: Finding): string {
  return `${signs[verdict]} ${name}: ${fact}\n    ${saw.replaceAll('\n', '\n    ')}`;
}

/** How many hold, and which do not. */
export function summaryText(findings: readonly Finding[]): string {
  const named = (verdict: Finding['verdict']) =>
    findings.filter((one) => one.verdict === verdict).map(({ name }) => name);
  const [different, unknown] = [named('differs'), named('unknown')];
  return [
    `${named('holds').length} of ${findings.length} hold`,
    ...(different.length ? [`otherwise: ${different.join(', ')}`] : []),
    ...(unknown.length ? [`could not be tried: ${unknown.join(', ')}`] : []),
  ].join('; ');
}
