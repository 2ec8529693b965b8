import type { Server } from 'node:http';
import { Readable } from 'node:stream';
import * as schemas from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { ServiceError } from '../service.ts';
import { fromJson, toJson } from '../wire/json.ts';
import { Model } from '../wire/shape.ts';

const model = new Model(schemas as unknown as Record<string, unknown>);

/** The tables' items: dynalite, in memory, spoken to in its own protocol but without a socket in between. */
export class Store {
  readonly #server: Server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });

  /** @throws ServiceError what dynalite answers */
  async perform<Output>(operation: string, input: unknown): Promise<Output> {
    const shape = model.operations.get(operation)!;
    const body = JSON.stringify(toJson(shape.input, input));
    const { status, text } = await this.#request(operation, body);
    const json = JSON.parse(text) as { __type?: string; message?: string; Message?: string };
    if (status === 200) return fromJson(shape.output, json) as Output;
    throw new ServiceError(json.__type!.split('#').pop()!, json.message ?? json.Message ?? '', status);
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #request(operation: string, body: string): Promise<{ status: number; text: string }> {
    const request = Object.assign(Readable.from([Buffer.from(body)]), {
      method: 'POST',
      url: '/',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        // dynalite looks whether there is a signature, the endpoint has already seen whose.
        authorization: 'AWS4-HMAC-SHA256 Credential=c, SignedHeaders=h, Signature=s',
        'x-amz-date': 'd',
      },
    });
    return new Promise((resolve) => {
      const response = {
        statusCode: 200,
        setHeader() {},
        end(text: string) {
          resolve({ status: this.statusCode, text });
        },
      };
      this.#server.emit('request', request, response);
    });
  }
}
