import { table } from '../print.ts';
import { styled } from '../terminal.ts';
import type { Change } from './change.ts';

/** What a deploy changes. */
export interface Comparison {
  readonly fleet: string;
  /** The fleet file's path. */
  readonly file: string;
  /** undefined: nothing is deployed. */
  readonly deployed: { readonly at: string; readonly version: string } | undefined;
  readonly changes: readonly Change[];
}

const signs = { added: '+', removed: '-', changed: '~' } as const;
const colours = { added: 'green', removed: 'red', changed: 'yellow' } as const;

/** For a terminal: a table for each group. */
export function diffText({ fleet, file, deployed, changes }: Comparison): string {
  if (!deployed) return `${fleet} is not deployed: a deploy makes all of it.`;
  const since = `deployed ${deployed.at.slice(0, 16)}Z with rushhour ${deployed.version}`;
  if (changes.length === 0) return `${styled('green', '✓')} nothing: ${fleet}, ${since}, is as ${file} says`;
  const sections = [...Map.groupBy(changes, ({ group }) => group ?? '')].map(([group, some]) => {
    const rows = some.map((change) => [
      `${styled(colours[change.change], signs[change.change])} ${what(change)}`,
      values(change),
      change.remark ? styled('dim', `(${change.remark})`) : '',
    ]);
    return `${styled('bold', group || fleet)}\n${table(rows)}`;
  });
  return [`A deploy of ${file} changes ${fleet}, ${since}:`, ...sections].join('\n\n');
}

/** For a pull request. */
export function diffMarkdown({ fleet, file, deployed, changes }: Comparison): string {
  const title = `### What a deploy changes: ${cell(fleet)}\n`;
  if (!deployed) return `${title}\nIt is not deployed: a deploy makes all of it.`;
  const since = `deployed ${deployed.at.slice(0, 16)}Z with rushhour ${cell(deployed.version)}`;
  if (changes.length === 0) return `${title}\nNothing: what was ${since} is as ${cell(file)} says.`;
  const rows = changes.map((change) =>
    [change.group ?? '', what(change), change.before ?? '', change.after ?? '', change.remark ?? '']
      .map((text, column) => (text === '' || column === 4 ? plain(text) : cell(text)))
      .join(' | '),
  );
  return [
    title,
    `${changes.length} ${changes.length === 1 ? 'change' : 'changes'} to what was ${since}.`,
    '',
    '| group | what | deployed | to be deployed | |',
    '|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

/** `window lunch: end` */
function what({ subject, name, field }: Change): string {
  const whose = subject === 'fleet' || subject === 'group' ? '' : `${subject}${name ? ` ${name}` : ''}`;
  if (field === undefined) return whose || subject;
  return whose ? `${whose}: ${field}` : field;
}

function values({ change, before = 'none', after = 'none' }: Change): string {
  if (change === 'added') return after;
  return change === 'removed' ? before : `${before} → ${after}`;
}

/** What a name or a value holds is no Markdown. */
function cell(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')}\``;
}

function plain(text: string): string {
  return text.replaceAll('|', '\\|');
}
