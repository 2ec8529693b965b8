import { stringify } from 'yaml';
import { freeKey } from './names.ts';
import type { Remark, TakenOver } from './taken-over.ts';

const schemaLine = '# yaml-language-server: $schema=./node_modules/rushhour/fleet.schema.json';
/** Of a line of comment, so that it is read without scrolling. */
const lineLength = 110;

export interface FleetLines {
  /** Of the fleet. */
  readonly name: string;
  /** IANA; default: that of most groups' schedules, else UTC. */
  readonly timeZone?: string | undefined;
  readonly groups: readonly TakenOver[];
}

/** A whole fleet file of groups that were taken over; what should be known of each stands above it. */
export function fleetText({ name, timeZone, groups }: FleetLines): string {
  const zone = timeZone ?? groups.find((group) => group.timeZone !== undefined)?.timeZone ?? 'UTC';
  const keys = new Set<string>();
  const parts = groups.map((taken) => {
    const key = freeKey(taken.key, 'group', keys);
    keys.add(key);
    const text = stringify({ [key]: inZone(taken, zone) }, { lineWidth: 0, aliasDuplicateObjects: false });
    return `${remarkLines(taken.remarks)}${text}`.replaceAll(/^(?=.)/gm, '  ');
  });
  return `${schemaLine}\nname: ${name}\ntimeZone: ${zone}\ngroups:\n${parts.join('\n')}`;
}

/** Windows of another time zone than the fleet's name it. */
function inZone({ group, timeZone }: TakenOver, zone: string): TakenOver['group'] {
  if (timeZone === undefined || timeZone === zone || !group.schedules) return group;
  const schedules = Object.entries(group.schedules).map(([name, window]) => [name, { ...window, timeZone }]);
  return { ...group, schedules: Object.fromEntries(schedules) };
}

const words: Readonly<Record<Remark['kind'], string>> = {
  lost: 'NOT CARRIED OVER',
  differs: 'differs',
  note: 'note',
};

function remarkLines(remarks: readonly Remark[]): string {
  return remarks.flatMap((remark) => commentOf(remarkText(remark))).join('');
}

/** One remark in one line, for people. */
export function remarkText({ kind, subject, message }: Remark): string {
  return `${words[kind]}: ${subject}: ${message}`;
}

function commentOf(text: string): string[] {
  const lines: string[] = [];
  let line = '#';
  for (const word of text.split(/\s+/)) {
    if (line.length + word.length >= lineLength && line !== '#') {
      lines.push(`${line}\n`);
      line = '#  ';
    }
    line += ` ${word}`;
  }
  return [...lines, `${line}\n`];
}
