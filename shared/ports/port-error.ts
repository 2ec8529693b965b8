export type PortErrorCode =
  | 'OutOfBounds'
  /** It is no longer as it was seen. */
  | 'Changed'
  | 'Busy'
  | 'NotFound'
  | 'Throttled'
  | 'Denied'
  | 'Invalid'
  | 'Unavailable';

/** A port could not do it. `transient` ones are worth another try. */
export class PortError extends Error {
  override readonly name = 'PortError';
  readonly code: PortErrorCode;
  readonly transient: boolean;

  constructor(code: PortErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
    this.transient = ['Changed', 'Throttled', 'Busy', 'Unavailable'].includes(code);
  }
}
