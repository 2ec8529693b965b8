import { readFileSync } from 'node:fs';
import { routineReasons } from '../../shared/domain/no-change.ts';
import { type ReasonCode, reasonCodes } from '../../shared/domain/reason.ts';
import type { SentenceKey } from '../../shared/domain/sentence.ts';
import type { Catalogue } from '../../shared/sentences/catalogue.ts';
import { english } from '../../shared/sentences/en.ts';
import { korean } from '../../shared/sentences/ko.ts';
import { reasonGuide } from '../../shared/sentences/reason-guide.ts';
import { speaker } from '../../shared/sentences/speaker.ts';
import { chinese } from '../../shared/sentences/zh.ts';
import { sampleMoment, sampleOf } from './sample-sentences.ts';

const opening = `# Reasons

Every decision has one of these codes and a sentence; so has every row of the history. The set is closed: a test
produces each code. What stands below a code in quotes are its sentences, here with made-up names and numbers.

A blocker that lasts is recorded twice: when it begins and, with how often it was asked, when it ends. A *routine* one
ends by itself within minutes: \`rushhour explain\` says it, and the history has no row of it. Of a blocker the quoted
sentence is what follows "but" in "cpu-high asks for 7, but …".

Events and JSON carry a sentence as data, with the key and the parameters of [the list below](#sentences), next to the
English text. The command and the console say it in English, Chinese or Korean.
`;

/** A group of codes begins with this one. */
const sections: Partial<Record<ReasonCode, string>> = {
  FirstContact: 'Something changes',
  AtGoal: 'Nothing changes, and why',
};

const shownCount = 3;

/** docs/reasons.md: each code with its meaning, what to do and its sentences; each sentence with its parameters. */
export function reasonsPage(): string {
  return [opening, ...reasonCodes.map(reasonText), sentencesText()].join('\n');
}

function reasonText(code: ReasonCode): string {
  const { when, toDo, says } = reasonGuide[code];
  const section = sections[code];
  const said = says.map((key) => `> ${shown(english, key, signOf(code))} (\`${key}\`)`);
  return [
    ...(section ? [`## ${section}`, ''] : []),
    `### \`${code}\``,
    '',
    ...wrapped(`${when}${routineReasons.has(code) ? ' *Routine.*' : ''}`),
    '',
    ...(toDo ? [...wrapped(`**What to do:** ${toDo}`), ''] : []),
    said.join('\\\n'),
    '',
  ].join('\n');
}

function sentencesText(): string {
  const parameters = parametersOf(
    readFileSync(new URL('../../shared/domain/sentence.ts', import.meta.url), 'utf8'),
  );
  const rows = [...parameters].map(([key, type]) => {
    const said = [english, chinese, korean].map((catalogue) => cell(shown(catalogue, key)));
    return `| \`${key}\` | ${type ? `\`${cell(type)}\`` : ''} | ${said.join(' | ')} |`;
  });
  return `## Sentences

\`Instant\` is epoch milliseconds, \`Ids\` a list of names; the types \`Party\`, \`Later\`, \`Condition\` and
\`ForecastNumbers\` are in \`shared/domain/sentence.ts\`. A change of capacity has its sign.

| key | parameters | English | 中文 | 한국어 |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

function shown(catalogue: Catalogue, key: SentenceKey, sign?: number): string {
  const sample = sampleOf(key, shownCount);
  const turned = sign !== undefined && 'change' in sample ? { ...sample, change: sign * shownCount } : sample;
  return speaker(catalogue, 'UTC').sentence(turned, sampleMoment);
}

/** The direction in which a reason changes the capacity; undefined: in either, or in none. */
function signOf(code: ReasonCode): 1 | -1 | undefined {
  if (/ScaleOut$|Raised$/.test(code)) return 1;
  return /ScaleIn$|Lowered$|Ended$/.test(code) ? -1 : undefined;
}

/** The parameters of each sentence as the type `SentenceParameters` declares them, comments left out. */
function parametersOf(source: string): Map<SentenceKey, string> {
  const [, body] = /export interface SentenceParameters \{\n(.*?)\n\}\n/s.exec(source)!;
  const bare = body!.replace(/\/\*\*.*?\*\//gs, '').replace(/\/\/.*$/gm, '');
  const declared = bare.matchAll(/^ {2}(\w+): (?:(None|ForecastNumbers);|\{(.*?)\};$)/gms);
  return new Map(
    [...declared].map(([, key, name, fields = '']) => {
      const type = name === 'None' ? '' : (name ?? fields);
      const flat = type.replace(/\breadonly | \| undefined\b/g, '').replace(/\s+/g, ' ');
      return [key as SentenceKey, flat.trim().replace(/;$/, '')];
    }),
  );
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

/** Lines of at most 120 characters. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= 120) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
