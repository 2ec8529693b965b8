import type { CloudContext } from '../cloud-context.ts';
import { type Operation, ServiceError } from '../service.ts';

/**
 * Whether STS vouches for principals of the account to others than AWS, and under which name: off until somebody enables it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound.html
 */
export class OutboundFederation {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #cloud: CloudContext;
  #issuer: string | undefined;
  #isEnabled = false;

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
    this.operations = {
      EnableOutboundWebIdentityFederation: () => {
        if (this.#isEnabled)
          throw new ServiceError(
            'FeatureEnabled',
            'Outbound web identity federation is already enabled.',
            409,
          );
        return { IssuerIdentifier: this.enable() };
      },
      DisableOutboundWebIdentityFederation: () => {
        this.#requireEnabled();
        this.#isEnabled = false;
      },
      GetOutboundWebIdentityFederationInfo: () => {
        this.#requireEnabled();
        return { IssuerIdentifier: this.#issuer, JwtVendingEnabled: true };
      },
    };
  }

  /** Enables it, if it is not. @returns the account's issuer: the URL that is the `iss` of its tokens */
  enable(): string {
    this.#issuer ??= `https://${this.#cloud.ids.uuid()}.tokens.sts.global.api.aws`;
    this.#isEnabled = true;
    return this.#issuer;
  }

  /** @returns undefined: it is not enabled */
  get issuer(): string | undefined {
    return this.#isEnabled ? this.#issuer : undefined;
  }

  #requireEnabled(): void {
    if (!this.#isEnabled)
      throw new ServiceError('FeatureDisabled', 'Outbound web identity federation is not enabled.', 404);
  }
}
