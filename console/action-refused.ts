/** What was asked cannot be done as it was asked; the message is for the person who asked. */
export class ActionRefused extends Error {
  override readonly name = 'ActionRefused';
  readonly code = 'ActionRefused';

  constructor(message: string, options: ErrorOptions = {}) {
    super(message, options);
  }
}
