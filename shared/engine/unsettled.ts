/** A group could not be brought to rest now: others were faster too often, or it went on without end. Worth another try. */
export class Unsettled extends Error {
  override readonly name = 'Unsettled';
}
