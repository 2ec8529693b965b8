/**
 * Weighted least squares that forgets, pulled towards a prior: finds the weights β that minimize
 * Σ wᵢ(yᵢ − xᵢ·β)² + Σ penaltyⱼ·(βⱼ − priorⱼ)², where older samples count for less and less.
 */
export class Ridge {
  readonly #prior: readonly number[];
  readonly #weights: Float64Array;
  /** Lower triangle of Σ w·x·xᵀ by rows, then Σ w·x·y. */
  readonly #sums: Float64Array;

  constructor(prior: readonly number[]) {
    this.#prior = prior;
    this.#weights = Float64Array.from(prior);
    this.#sums = new Float64Array((prior.length * (prior.length + 3)) / 2);
  }

  /** Adds one sample whose terms begin at `offset`. */
  add(terms: Float64Array, offset: number, y: number, weight: number): void {
    const size = this.#prior.length;
    const sums = this.#sums;
    let cell = 0;
    for (let row = 0; row < size; row++) {
      const scaled = weight * terms[offset + row]!;
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
    const matrix: number[][] = [];
    let [cell, trace] = [0, 0];
    for (let row = 0; row < size; row++) {
      matrix.push(Array.from(this.#sums.subarray(cell, cell + row + 1)));
      cell += row + 1;
      trace += matrix[row]![row]!;
    }
    if (trace > 0) {
      const solution = this.#weights;
      for (let row = 0; row < size; row++) {
        const penalty = stiffness * (matrix[row]![row]! + 1e-6 * trace);
        matrix[row]![row]! += penalty;
        solution[row] = this.#sums[cell + row]! + penalty * this.#prior[row]!;
      }
      solveInPlace(matrix, solution);
    }
    for (let i = 0; i < this.#sums.length; i++) this.#sums[i]! *= keep;
  }

  toJSON(): number[] {
    return [...this.#sums, ...this.#weights];
  }

  restore(saved: readonly number[]): void {
    this.#sums.set(saved.slice(0, this.#sums.length));
    this.#weights.set(saved.slice(this.#sums.length));
  }
}

/** Solves A·x = b by Cholesky; `lower` holds the lower triangle of A, `solution` b and then x. */
function solveInPlace(lower: number[][], solution: Float64Array): void {
  const size = solution.length;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = lower[row]![column]!;
      for (let k = 0; k < column; k++) sum -= lower[row]![k]! * lower[column]![k]!;
      lower[row]![column] = row === column ? Math.sqrt(Math.max(sum, 1e-300)) : sum / lower[column]![column]!;
    }
  }
  for (let row = 0; row < size; row++) {
    for (let k = 0; k < row; k++) solution[row]! -= lower[row]![k]! * solution[k]!;
    solution[row]! /= lower[row]![row]!;
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let k = row + 1; k < size; k++) solution[row]! -= lower[k]![row]! * solution[k]!;
    solution[row]! /= lower[row]![row]!;
  }
}
