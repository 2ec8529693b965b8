import type { Instant } from '../../shared/domain/observation.ts';
import type { Launch } from '../../shared/providers/memory/scaling-groups.ts';
import type { Dice } from './dice.ts';

const foreverSeconds = 86_400;

/** What becomes of servers that groups ask for. */
export class Launches {
  readonly #dice: Dice;
  #count = 0;
  #failUntil = 0;
  #hangUntil = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  failUntil(then: Instant): void {
    this.#failUntil = then;
  }

  hangUntil(then: Instant): void {
    this.#hangUntil = then;
  }

  /** From now on everything that is asked for comes. */
  calm(): void {
    this.#failUntil = 0;
    this.#hangUntil = 0;
  }

  launch(now: Instant): Launch {
    const draw = this.#dice.of(`launch ${this.#count++}`);
    if (now < this.#failUntil)
      return {
        fails: draw.of(['capacity', 'quota', 'image', 'other']),
        message: `attempt ${this.#count}`,
      };
    if (now < this.#hangUntil)
      return { inServiceAfterSeconds: foreverSeconds, healthyAfterSeconds: foreverSeconds };
    const boots = draw.between(5, 90);
    return { inServiceAfterSeconds: boots, healthyAfterSeconds: boots + draw.between(0, 40) };
  }
}
