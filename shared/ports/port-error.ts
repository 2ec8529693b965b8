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

/**
 * A port could not do it. `transient` ones are worth another try. A provider's bundle has a class of its own, whose errors are
 * port errors to the functions' bundle as well: they are known by their name.
 */
export class PortError extends Error {
  override readonly name = 'PortError';
  readonly code: PortErrorCode;
  readonly transient: boolean;

  constructor(code: PortErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
    this.transient = ['Changed', 'Throttled', 'Busy', 'Unavailable'].includes(code);
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'PortError';
  }
}
