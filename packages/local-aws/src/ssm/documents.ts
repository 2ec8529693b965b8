import { type Operation, ServiceError } from '../service.ts';

interface Document {
  readonly name: string;
  readonly type: string;
  readonly content: string;
}

/** Documents of AWS's own that commands name. */
const publicDocuments = ['AWS-RunShellScript'];

/** Documents: what a command does. */
export class Documents {
  readonly operations: Readonly<Record<string, Operation>> = {
    GetDocument: (input) => {
      const { name, type, content } = this.get(input.Name);
      return { Name: name, DocumentType: type, Content: content, DocumentFormat: 'JSON', Status: 'Active' };
    },
    DescribeDocument: (input) => {
      const { name, type } = this.get(input.Name);
      return { Document: { Name: name, DocumentType: type, Status: 'Active' } };
    },
  };
  readonly #documents = new Map<string, Document>();

  /** @throws ServiceError `InvalidDocument` */
  get(name: string): Document {
    const document = this.#documents.get(name);
    if (document) return document;
    if (publicDocuments.includes(name)) return { name, type: 'Command', content: '{}' };
    throw new ServiceError('InvalidDocument', `Document with name ${name} does not exist.`);
  }

  /** @throws ServiceError `DocumentAlreadyExists` */
  create(document: Document): void {
    if (this.#documents.has(document.name)) {
      throw new ServiceError('DocumentAlreadyExists', `Document with name ${document.name} already exists.`);
    }
    this.#documents.set(document.name, document);
  }

  replace(document: Document): void {
    this.#documents.set(this.get(document.name).name, document);
  }

  delete(name: string): void {
    this.#documents.delete(name);
  }
}
