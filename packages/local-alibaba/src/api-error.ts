/** An error as the API puts it on the wire. */
export class ApiError extends Error {
  readonly code: string;
  /** Of HTTP. */
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
  }
}
