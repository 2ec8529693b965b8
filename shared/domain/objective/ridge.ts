/**
 * Weighted least squares that forgets, pulled towards a prior: the weights β that minimize
 * Σ wᵢ(yᵢ − xᵢ·β)² + penalty·|β − prior|², where older samples count for less and less.
 */
export class Ridge {
  readonly weights: number[];
  readonly #prior: readonly number[];
  /** Lower triangle of Σ w·x·xᵀ by rows, then Σ w·x·y. */
  readonly #sums: Float64Array;

  constructor(prior: readonly number[]) {
    this.#prior = prior;
    this.weights = [...prior];
    this.#sums = new Float64Array((prior.length * (prior.length + 3)) / 2);
  }

  /** Adds one sample; `x` is read from `features` beginning at `offset`. */
  add(features: Float64Array, offset: number, y: number, weight: number): void {
    const size = this.weights.length;
    const sums = this.#sums;
    let cell = 0;
    for (let row = 0; row < size; row++) {
      const scaled = weight * features[offset + row]!;
      for (let column = 0; column <= row; column++) sums[cell++]! += scaled * features[offset + column]!;
    }
    for (let row = 0; row < size; row++) sums[cell++]! += weight * features[offset + row]! * y;
  }

  predict(features: Float64Array, offset: number): number {
    let sum = 0;
    for (let i = 0; i < this.weights.length; i++) sum += this.weights[i]! * features[offset + i]!;
    return sum;
  }

  /** Solves for the weights, then lets every sample so far fade by `keep`. `stiffness` is the penalty relative to the data. */
  refit(stiffness: number, keep: number): void {
    const size = this.weights.length;
    const matrix: number[][] = [];
    let [cell, trace] = [0, 0];
    for (let row = 0; row < size; row++) {
      matrix.push(Array.from(this.#sums.subarray(cell, cell + row + 1)));
      cell += row + 1;
      trace += matrix[row]![row]!;
    }
    if (trace > 0) {
      const penalty = matrix.map((values, row) => stiffness * (values[row]! + 1e-6 * trace));
      const right = this.#prior.map((prior, row) => this.#sums[cell + row]! + penalty[row]! * prior);
      for (let row = 0; row < size; row++) matrix[row]![row]! += penalty[row]!;
      solveInPlace(matrix, right);
      for (let row = 0; row < size; row++) this.weights[row] = right[row]!;
    }
    for (let i = 0; i < this.#sums.length; i++) this.#sums[i]! *= keep;
  }

  toJSON(): number[] {
    return [...this.#sums, ...this.weights];
  }

  restore(saved: readonly number[]): void {
    this.#sums.set(saved.slice(0, this.#sums.length));
    for (let i = 0; i < this.weights.length; i++) this.weights[i] = saved[this.#sums.length + i]!;
  }
}

/** Solves A·x = b by Cholesky; `lower` holds the lower triangle of A, `right` b and then x. */
function solveInPlace(lower: number[][], right: number[]): void {
  const size = right.length;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = lower[row]![column]!;
      for (let k = 0; k < column; k++) sum -= lower[row]![k]! * lower[column]![k]!;
      lower[row]![column] = row === column ? Math.sqrt(Math.max(sum, 1e-300)) : sum / lower[column]![column]!;
    }
  }
  for (let row = 0; row < size; row++) {
    for (let k = 0; k < row; k++) right[row]! -= lower[row]![k]! * right[k]!;
    right[row]! /= lower[row]![row]!;
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let k = row + 1; k < size; k++) right[row]! -= lower[k]![row]! * right[k]!;
    right[row]! /= lower[row]![row]!;
  }
}
