import { SignatureV4 } from '@smithy/signature-v4';

/**
 * Stands in for the SDK's own signer when the functions are bundled (see `infra/bundling.ts`): the client of EventBridge can
 * sign for several regions at once, as global endpoints want it, and we ask for none.
 */
export class SignatureV4MultiRegion extends SignatureV4 {
  /** The SDK asks it which signer for several regions there is. */
  static sigv4aDependency(): 'none' {
    return 'none';
  }
}
