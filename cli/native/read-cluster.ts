import { EKSClient } from '@aws-sdk/client-eks';
import { PortError } from '../../shared/ports/port-error.ts';
import { clientSettings } from '../../shared/providers/aws/clients.ts';
import { ClusterConnection } from '../../shared/providers/kubernetes/connection.ts';
import { EksAccess } from '../../shared/providers/kubernetes/eks-access.ts';
import { CloudClock } from '../cloud-clock.ts';
import { type CloudSelection, settleCloud } from '../cloud-settings.ts';
import { Failure } from '../failure.ts';
import type { Manifest } from '../take-over/kubernetes-manifests.ts';
import { liveScalers } from './live-scalers.ts';

/**
 * What scales the pods of a cluster of EKS now, read with the operator's own credentials.
 * @throws Failure where it cannot be read, in the cluster's words
 */
export async function readCluster(
  cluster: string,
  namespace: string | undefined,
  selection: CloudSelection,
): Promise<Manifest[]> {
  settleCloud(selection);
  const clock = new CloudClock();
  const eks = new EKSClient(clientSettings({ maxAttempts: 2 }));
  clock.listenTo(eks);
  const access = new EksAccess(cluster, eks, clock);
  try {
    return await liveScalers(new ClusterConnection(cluster, access, clock), namespace);
  } catch (cause) {
    if (!(cause instanceof PortError)) throw cause;
    const advice =
      'kubectl get hpa,scaledobject -A -o yaml from where it can be read, then --from-hpa FILE --cluster NAME.';
    throw new Failure(cause.message, { advice, cause });
  }
}
