/**
 * Weighted least squares that forgets, pulled towards a prior: finds the weights β that minimize
 * Σ wᵢ(yᵢ − xᵢ·β)² + Σ penaltyⱼ·(βⱼ − priorⱼ)², where older samples count for less and less.
 */
export class Ridge {
  readonly #prior: readonly number[];
  readonly #weights: Float64Array;
  /** Lower triangle of Σ w·x·xᵀ by rows, then Σ w·x·y. */
  readonly #sums: Float64Array;
  /** Where the solution is worked out. */
  readonly #matrix: Float64Array;

  constructor(prior: readonly number[]) {
    this.#prior = prior;
    this.#weights = Float64Array.from(prior);
    this.#sums = new Float64Array((prior.length * (prior.length + 3)) / 2);
    this.#matrix = new Float64Array((prior.length * (prior.length + 1)) / 2);
  }

  /** Adds one sample whose terms begin at `offset`. */
  add(terms: Float64Array, offset: number, y: number, weight: number): void {
    const size = this.#prior.length;
    const sums = this.#sums;
    let cell = 0;
    for (let row = 0; row < size; row++) {
      const scaled = weight * terms[offset + row]!;
      // Rare terms are 0 nearly always.
      if (scaled === 0) {
        cell += row + 1;
        continue;
      }
      for (let column = 0; column <= row; column++) sums[cell++]! += scaled * terms[offset + column]!;
    }
    for (let row = 0; row < size; row++) sums[cell++]! += weight * terms[offset + row]! * y;
  }

  predict(terms: Float64Array, offset: number): number {
    let sum = 0;
    for (let i = 0; i < this.#weights.length; i++) sum += this.#weights[i]! * terms[offset + i]!;
    return sum;
  }

  /**
   * Solves for the weights, then fades all samples by `keep`.
   * @param stiffness penalty of each weight relative to what the data says about its term
   */
  refit(stiffness: number, keep: number): void {
    const size = this.#prior.length;
    const sums = this.#sums;
    let [cell, trace] = [0, 0];
    for (let row = 0; row < size; row++) {
      cell += row + 1;
      trace += sums[cell - 1]!;
    }
    if (trace > 0) {
      const [matrix, solution] = [this.#matrix, this.#weights];
      for (let at = 0; at < cell; at++) matrix[at] = sums[at]!;
      for (let row = 0, diagonal = 0; row < size; row++, diagonal += row + 1) {
        const penalty = stiffness * (matrix[diagonal]! + 1e-6 * trace);
        matrix[diagonal]! += penalty;
        solution[row] = sums[cell + row]! + penalty * this.#prior[row]!;
      }
      solveInPlace(matrix, solution);
    }
    for (let i = 0; i < sums.length; i++) sums[i]! *= keep;
  }

  toJSON(): number[] {
    return [...this.#sums, ...this.#weights];
  }

  restore(saved: readonly number[]): void {
    this.#sums.set(saved.slice(0, this.#sums.length));
    this.#weights.set(saved.slice(this.#sums.length));
  }
}

/** Solves A·x = b by Cholesky; `lower` holds the lower triangle of A by rows, `solution` b and then x. */
function solveInPlace(lower: Float64Array, solution: Float64Array): void {
  const size = solution.length;
  for (let row = 0, at = 0; row < size; at += ++row) {
    for (let column = 0, other = 0; column <= row; other += ++column) {
      let sum = lower[at + column]!;
      for (let k = 0; k < column; k++) sum -= lower[at + k]! * lower[other + k]!;
      lower[at + column] = row === column ? Math.sqrt(Math.max(sum, 1e-300)) : sum / lower[other + column]!;
    }
  }
  for (let row = 0, at = 0; row < size; at += ++row) {
    for (let k = 0; k < row; k++) solution[row]! -= lower[at + k]! * solution[k]!;
    solution[row]! /= lower[at + row]!;
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let k = row + 1; k < size; k++) solution[row]! -= lower[(k * (k + 1)) / 2 + row]! * solution[k]!;
    solution[row]! /= lower[(row * (row + 3)) / 2]!;
  }
}
