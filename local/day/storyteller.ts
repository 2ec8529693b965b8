import { styleText } from 'node:util';
import type { ActivityJson } from '../../shared/ports/activity-json.ts';
import type { DayRecord, Sample } from './day-record.ts';

const BAR_WIDTH = 12;

/** Tells the day on a terminal as it passes: one live line for now, one line for good per hour and per activity. */
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
    const line = `${time}  ${[...samples].map(([name, sample]) => this.#bar(name, sample)).join('   ')}`;
    if (this.#out.isTTY) this.#out.write(`\r\u001b[K${line}`);
    const hour = time.slice(0, 2);
    if (hour !== this.#lastHour) this.say(styleText('dim', line, { stream: this.#out }));
    this.#lastHour = hour;
  }

  activity({ startedAt, from, to, message }: ActivityJson): void {
    const line = `${this.#time.format(Date.parse(startedAt))}  ${message}`;
    this.say(styleText(to > from ? 'yellow' : 'green', line, { stream: this.#out }));
  }

  summary({ groups, totals }: DayRecord): void {
    this.#clearLive();
    const lines = ['', 'The day in numbers'];
    for (const [name, { activities, timeline }] of Object.entries(groups)) {
      const desired = timeline.map((point) => point.desired);
      const ended = Object.entries(Object.groupBy(activities, ({ statusCode }) => statusCode));
      const outcome = ended.map(([status, list]) => `${list!.length} ${status}`).join(', ');
      lines.push(
        `  ${name.padEnd(12)} ${Math.min(...desired)}–${Math.max(...desired)} servers, ${activities.length} activities (${outcome})`,
      );
    }
    const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
    lines.push(
      `  ${totals.serverHours.toFixed(1)} server-hours; keeping the peak all day takes ${totals.staticPeakServerHours.toFixed(1)}: ${percent(totals.saved)} saved`,
      `  ${percent(totals.violation)} of the demand was above what the servers carry well`,
    );
    this.#out.write(`${lines.join('\n')}\n`);
  }

  #bar(name: string, { desired, inService, utilization }: Sample): string {
    const max = Math.max(this.#maxSizes.get(name) ?? desired, 1);
    const cells = (servers: number) => Math.min(BAR_WIDTH, Math.round((servers / max) * BAR_WIDTH));
    const full = cells(inService);
    const coming = Math.max(0, cells(desired) - full);
    const bar = '█'.repeat(full) + '▒'.repeat(coming) + '·'.repeat(BAR_WIDTH - full - coming);
    return `${name} ${bar} ${String(inService).padStart(2)}/${desired} load ${String(Math.round(utilization * 100)).padStart(3)} %`;
  }

  #clearLive(): void {
    if (this.#out.isTTY) this.#out.write('\r\u001b[K');
  }
}
