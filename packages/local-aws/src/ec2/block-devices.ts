import { createHash } from 'node:crypto';
import type { AttachmentStatus, BlockDeviceMapping, Instance } from '@aws-sdk/client-ec2';

/**
 * The EBS volumes that an instance gets when it is launched: the image's root device, and what the launch maps over it or
 * beside it. A device with `NoDevice` is left out, and so is one without EBS: the instance's own storage is no attachment.
 * A volume that nothing is said of goes with its instance.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html
 */
export function attachVolumes(
  instance: Instance,
  rootDevice: string,
  mappings: readonly BlockDeviceMapping[] = [],
): void {
  const devices = new Map<string, BlockDeviceMapping>([[rootDevice, { Ebs: {} }]]);
  for (const mapping of mappings) {
    if (mapping.NoDevice !== undefined) devices.delete(mapping.DeviceName!);
    else if (mapping.Ebs) devices.set(mapping.DeviceName!, mapping);
  }
  instance.RootDeviceName = rootDevice;
  instance.RootDeviceType = 'ebs';
  instance.BlockDeviceMappings = [...devices].map(([DeviceName, { Ebs }]) => ({
    DeviceName,
    Ebs: {
      VolumeId: volumeId(instance.InstanceId!, DeviceName),
      Status: 'attaching',
      AttachTime: instance.LaunchTime,
      DeleteOnTermination: Ebs?.DeleteOnTermination ?? true,
    },
  }));
}

/** Volumes are attached as long as their instance is there: also while it is stopped, no longer when it is terminated. */
export function followState(instance: Instance): void {
  const state = instance.State?.Name;
  if (state === 'terminated') instance.BlockDeviceMappings = [];
  if (state === 'running') setStatus(instance, 'attached');
}

function setStatus(instance: Instance, status: AttachmentStatus): void {
  for (const { Ebs } of instance.BlockDeviceMappings ?? []) Ebs!.Status = status;
}

/** Made of what it belongs to, not drawn: what is drawn decides what comes after. */
function volumeId(instanceId: string, device: string): string {
  return `vol-${createHash('sha256').update(`${instanceId} ${device}`).digest('hex').slice(0, 17)}`;
}
