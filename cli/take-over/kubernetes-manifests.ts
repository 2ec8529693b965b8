import { parseAllDocuments } from 'yaml';

/** What of an HPA's `spec`, or of a ScaledObject's, is read. */
export interface Manifest {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly ownerReferences?: readonly { readonly kind?: string; readonly name?: string }[];
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly items?: readonly Manifest[];
}

/** A manifest cannot be taken over. The message says which and why. */
export class UnknownManifest extends Error {
  override readonly name = 'UnknownManifest';
}

/**
 * The HPAs and the ScaledObjects in a text of YAML or JSON, which may hold several documents and lists of them.
 * @throws UnknownManifest when it cannot be read, or there is none
 */
export function scalersIn(text: string, source: string): Manifest[] {
  const documents = parseAllDocuments(text);
  const [mistake] = documents.flatMap(({ errors }) => errors);
  if (mistake) throw new UnknownManifest(`${source}: ${mistake.message}`);
  const manifests = documents.map((document) => document.toJS() as Manifest | null);
  const scalers = scalersAmong(manifests.flatMap(flattened));
  if (scalers.length > 0) return scalers;
  throw new UnknownManifest(
    `${source} has no HorizontalPodAutoscaler and no ScaledObject: expected what kubectl get hpa -o yaml prints.`,
  );
}

const kinds = new Set(['HorizontalPodAutoscaler', 'ScaledObject']);

/** Those that scale; an HPA that a ScaledObject among them has made is that one's own. */
export function scalersAmong(manifests: readonly Manifest[]): Manifest[] {
  const scalers = manifests.filter(({ kind = '' }) => kinds.has(kind));
  const made = ({ metadata }: Manifest) =>
    metadata?.ownerReferences?.some(({ kind, name }) =>
      scalers.some(
        (one) =>
          one.kind === 'ScaledObject' &&
          kind === 'ScaledObject' &&
          one.metadata?.name === name &&
          one.metadata?.namespace === metadata.namespace,
      ),
    );
  return scalers.filter((one) => !made(one));
}

function flattened(manifest: Manifest | null): Manifest[] {
  if (manifest === null || typeof manifest !== 'object') return [];
  return Array.isArray(manifest.items) ? manifest.items.flatMap(flattened) : [manifest];
}
