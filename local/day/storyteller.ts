import { styleText } from 'node:util';
import { visible } from '../../shared/fleet/printable.ts';
import type { ActivityJson } from '../../shared/ports/activity-json.ts';
import type { DayRecord, Sample } from './day-record.ts';

const widestBar = 12;
const narrowestBar = 4;
/** Columns of what does not say how wide it is: files and pipes. */
const usualColumns = 80;
const gap = '   ';

/**
 * Tells the day on a terminal as it passes: one live line for now, and for good one line per activity and, per hour, as many
 * lines as the groups need.
 */
export class Storyteller {
  readonly #out: NodeJS.WriteStream;
  readonly #time: Intl.DateTimeFormat;
  readonly #maxSizes: ReadonlyMap<string, number>;
  #lastHour = '';

  constructor(out: NodeJS.WriteStream, timeZone: string, maxSizes: ReadonlyMap<string, number>) {
    this.#out = out;
    this.#time = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
    this.#maxSizes = maxSizes;
  }

  say(line: string): void {
    this.#clearLive();
    this.#out.write(`${line}\n`);
  }

  /** One minute of every group, in the fleet file's order. */
  minute(at: number, samples: ReadonlyMap<string, Sample>): void {
    const time = this.#time.format(at);
    const lines = this.#lines(time, samples);
    // A line that wraps could not be taken back, so the live one shows the groups that fit.
    if (this.#out.isTTY) this.#out.write(`\r\u001b[K${lines[0]}`);
    const hour = time.slice(0, 2);
    if (hour !== this.#lastHour)
      for (const line of lines) this.say(styleText('dim', line, { stream: this.#out }));
    this.#lastHour = hour;
  }

  activity({ startedAt, from, to, message }: ActivityJson): void {
    const colour = to === from ? 'red' : to > from ? 'yellow' : 'green';
    const line = `${this.#time.format(Date.parse(startedAt))}  ${visible(message)}`;
    this.say(styleText(colour, line, { stream: this.#out }));
  }

  summary({ groups, totals }: DayRecord): void {
    this.#clearLive();
    const lines = ['', 'The day in numbers'];
    for (const [name, { activities, timeline }] of Object.entries(groups)) {
      const desired = timeline.map((point) => point.desired);
      const ended = Object.entries(Object.groupBy(activities, ({ statusCode }) => statusCode));
      const outcome = ended.map(([status, list]) => `${list!.length} ${status}`).join(', ');
      lines.push(
        `  ${name.padEnd(12)} ${Math.min(...desired)}–${Math.max(...desired)} servers, ${activities.length} activities${outcome && ` (${outcome})`}`,
      );
    }
    const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
    lines.push(
      `  ${totals.serverHours.toFixed(1)} server-hours; keeping the peak all day takes ${totals.staticPeakServerHours.toFixed(1)}: ${percent(totals.saved)} saved`,
      `  ${percent(totals.violation)} of the demand was above what the servers carry well`,
    );
    this.#out.write(`${lines.join('\n')}\n`);
  }

  /** The groups side by side, in as many lines as they need; the bars take what width is left. */
  #lines(time: string, samples: ReadonlyMap<string, Sample>): string[] {
    // A terminal that is written to its last column may wrap already.
    const columns = (this.#out.columns ?? usualColumns) - 1;
    const texts = [...samples].map(([name, sample]) => ({
      name,
      sample,
      figures: this.#figures(name, sample),
    }));
    const taken = texts.reduce((sum, { name, figures }) => sum + name.length + figures.length + 2, 0);
    const left = columns - time.length - 2 - taken - gap.length * (texts.length - 1);
    const width = Math.min(widestBar, Math.max(narrowestBar, Math.floor(left / texts.length)));
    const lines = [time];
    for (const { name, sample, figures } of texts) {
      const group = `${name} ${this.#bar(name, sample, width)} ${figures}`;
      const line = lines.at(-1)!;
      const begun = line.length > time.length;
      if (begun && line.length + gap.length + group.length > columns)
        lines.push(`${' '.repeat(time.length)}  ${group}`);
      else lines[lines.length - 1] = `${line}${begun ? gap : '  '}${group}`;
    }
    return lines;
  }

  /** As wide in every minute. */
  #figures(name: string, { desired, inService, utilization }: Sample): string {
    const digits = String(this.#maxSizes.get(name) ?? desired).length;
    const servers = `${String(inService).padStart(digits)}/${String(desired).padEnd(digits)}`;
    if (inService === 0 && utilization > 0) return `${servers} no servers`;
    return `${servers} load ${String(Math.round(utilization * 100)).padStart(3)} %`;
  }

  #bar(name: string, { desired, inService }: Sample, width: number): string {
    const max = Math.max(this.#maxSizes.get(name) ?? desired, 1);
    const cells = (servers: number) => Math.min(width, Math.round((servers / max) * width));
    const full = cells(inService);
    const coming = Math.max(0, cells(desired) - full);
    return '█'.repeat(full) + '▒'.repeat(coming) + '·'.repeat(width - full - coming);
  }

  #clearLive(): void {
    if (this.#out.isTTY) this.#out.write('\r\u001b[K');
  }
}
