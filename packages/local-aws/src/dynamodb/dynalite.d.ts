declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** An in-memory DynamoDB as an HTTP server; the times are in milliseconds of the machine's clock. */
  export default function dynalite(options: {
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }): Server;
}
