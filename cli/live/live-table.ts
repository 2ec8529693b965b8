import { explanationFrame, pageOf, type Screen, tableFrame } from './frame.ts';
import { isLeftBy, type Row } from './row.ts';
import { firstView, type Key, pressed, type View } from './view.ts';

/** All groups as they were seen at one time. */
export interface Seen {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** Where it looks, and where it is drawn. */
export interface LiveSources {
  look(): Promise<Seen>;
  /** A group's explanation, several lines. */
  explain(group: string): Promise<string>;
  screen(): Screen;
  draw(lines: readonly string[]): void;
}

/** A table of all groups that is looked at again and again, and obeys keys. What was seen last stays until there is more. */
export class LiveTable {
  readonly #sources: LiveSources;
  #seen: Seen;
  #view: View = firstView;
  #explanation = '';
  #trouble: string | undefined;

  constructor(seen: Seen, sources: LiveSources) {
    this.#seen = seen;
    this.#sources = sources;
  }

  /** Looks again. What cannot be read is reported, and hides nothing. */
  async refresh(): Promise<void> {
    try {
      this.#seen = await this.#sources.look();
      this.#trouble = undefined;
      if (this.#view.mode === 'explanation') await this.#explain();
    } catch (error) {
      this.#trouble = (error as Error).message.split('\n')[0];
    }
    this.draw();
  }

  /** @returns false: somebody wants to leave */
  async press(key: Key): Promise<boolean> {
    const names = this.#rows().map(({ name }) => name);
    const result = pressed(this.#view, key, names, pageOf(this.#sources.screen()));
    if (result === 'quit') return false;
    const opens = result.view.mode === 'explanation' && this.#view.mode !== 'explanation';
    this.#view = result.view;
    if (opens) {
      this.#explanation = `… looking at ${this.#view.selected}`;
      this.draw();
      await this.#explain();
    }
    this.draw();
    return true;
  }

  draw(): void {
    const screen = this.#sources.screen();
    const title =
      this.#trouble === undefined ? this.#seen.title : `${this.#seen.title}; now: ${this.#trouble}`;
    this.#sources.draw(
      this.#view.mode === 'explanation'
        ? explanationFrame(this.#explanation, this.#view, screen)
        : tableFrame(title, this.#rows(), this.#view, screen),
    );
  }

  async #explain(): Promise<void> {
    const { selected } = this.#view;
    if (selected === undefined) return;
    const text = await this.#sources.explain(selected).catch((error: Error) => error.message);
    // Somebody may have gone on meanwhile.
    if (this.#view.selected === selected) this.#explanation = text;
  }

  #rows(): readonly Row[] {
    return this.#seen.rows.filter((row) => isLeftBy(this.#view.filter, row));
  }
}
